"""`GET /api/v1/users/…`: who sees whose progress, and that the numbers are the record's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.api.conftest import SignedIn
from tests.api.school import ROLES, School
from tests.api.v1.test_events import check_problem, event

SEES_ADA = {"ada", "turing", "mother", "head"}
SEES_ZOE = {"zoe", "head"}
EVERYONE = sorted(set(ROLES) - {"gone"})


def units(browser: httpx.Client, learner_id: int, course_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get(f"/api/v1/users/{learner_id}/courses/{course_id}/units").json()["units"]
    return found


@pytest.mark.parametrize("username", EVERYONE)
@pytest.mark.parametrize(("learner", "seen_by"), [("ada", SEES_ADA), ("zoe", SEES_ZOE)])
def test_progress_is_shown_to_those_who_may_see_the_learner_and_to_no_one_else(
    signed_in: SignedIn, school: School, username: str, learner: str, seen_by: set[str]
) -> None:
    course = school.algebra if learner == "ada" else school.biology
    unit = units(signed_in("head"), school.people[learner], course)[0]["unit_id"]
    for path in ("progress", f"courses/{course}/units", f"courses/{course}/units/{unit}/modules"):
        answer = signed_in(username).get(f"/api/v1/users/{school.people[learner]}/{path}")
        if username in seen_by:
            assert answer.status_code == 200
        else:
            unknown = signed_in(username).get(f"/api/v1/users/999999/{path}")
            assert check_problem(answer, 404) == check_problem(unknown, 404)


@pytest.mark.parametrize("path", ["progress", "courses/1/units", "courses/1/units/1/modules"])
def test_strangers_get_401_whether_the_learner_exists_or_not(stranger: httpx.Client, school: School, path: str) -> None:
    known = stranger.get(f"/api/v1/users/{school.people['ada']}/{path}")
    unknown = stranger.get(f"/api/v1/users/999999/{path}")
    assert check_problem(known, 401) == check_problem(unknown, 401)


def test_courses_carry_exact_and_shown_percentages_counts_and_their_time(signed_in: SignedIn, school: School) -> None:
    ada = school.people["ada"]
    for number, module in enumerate(school.algebra_modules[:3]):
        signed_in("head").post("/api/v1/events", json=event(ada, module, f"ada-{number}"))
    answer = signed_in("mother").get(f"/api/v1/users/{ada}/progress").json()
    assert answer["user_id"] == ada
    assert datetime.now(UTC) - datetime.fromisoformat(answer["as_of"]) < timedelta(minutes=1)
    assert answer["courses"] == [
        {
            "course_id": school.algebra,
            "course_external_id": "ALG-1",
            "course_title": "Algebra",
            "status": "in_progress",
            "enrolment_status": "active",
            "enrolled_at": "2026-01-05T00:00:00Z",
            "dropped_at": None,
            "completed_at": None,
            "completion_percentage": 50.0,
            "shown_percentage": 50,
            "completed_units_count": 1,
            "total_units": 2,
            "completed_modules_count": 3,
            "total_modules": 4,
            "modules_percentage": 75.0,
            "shown_modules_percentage": 75,
            "new_modules_count": 0,
            "last_activity_at": "2026-03-02T08:30:00Z",
        }
    ]


def test_units_come_in_their_order_with_their_counts(signed_in: SignedIn, school: School) -> None:
    ben = school.people["ben"]
    signed_in("head").post("/api/v1/events", json=event(ben, school.algebra_modules[2], "ben-1"))
    answer = signed_in("turing").get(f"/api/v1/users/{ben}/courses/{school.algebra}/units").json()
    shown = [
        (u["unit_title"], u["completion_percentage"], u["shown_percentage"], u["completed_modules_count"])
        for u in answer["units"]
    ]
    assert shown == [("Numbers", 0.0, 0, 0), ("Equations", 50.0, 50, 1)]
    assert answer["course"]["completed_modules_count"] == 1


def test_learner_without_a_course_has_an_empty_list(signed_in: SignedIn, school: School) -> None:
    newcomer = school.people["newcomer"]
    for username in ("newcomer", "head"):
        assert signed_in(username).get(f"/api/v1/users/{newcomer}/progress").json()["courses"] == []


def test_staff_are_no_learners(signed_in: SignedIn, school: School) -> None:
    check_problem(signed_in("head").get(f"/api/v1/users/{school.people['turing']}/progress"), 404)


def test_course_that_the_learner_does_not_take_is_answered_like_an_unknown_one(
    signed_in: SignedIn, school: School
) -> None:
    ada = school.people["ada"]
    other = signed_in("ada").get(f"/api/v1/users/{ada}/courses/{school.biology}/units")
    unknown = signed_in("ada").get(f"/api/v1/users/{ada}/courses/999999/units")
    assert check_problem(other, 404) == check_problem(unknown, 404)


@pytest.mark.parametrize("user_id", ["0", "-1", "x", "1.5", str(2**63), "9" * 400, "1e3"])
def test_id_that_cannot_be_one_is_refused(signed_in: SignedIn, user_id: str) -> None:
    check_problem(signed_in("head").get(f"/api/v1/users/{user_id}/progress"), 422)


def test_answers_are_kept_in_no_cache(signed_in: SignedIn, school: School) -> None:
    answer = signed_in("ada").get(f"/api/v1/users/{school.people['ada']}/progress")
    assert answer.headers["cache-control"] == "private, no-store"
