"""`GET /api/v1/users/{id}/next`: what to go on with, where, and why."""

from typing import Any

import httpx
import pytest

from data.record import Record
from progress.courses.structure import add_module, add_unit
from tests.api.conftest import SignedIn
from tests.api.school import ROLES, TERM_START, School
from tests.api.v1.test_events import check_problem, event

SEES_ADA = {"ada", "turing", "mother", "head"}


@pytest.fixture(scope="module")
def lecture(served_record: Record, school: School) -> int:
    with served_record.writing() as tx:
        unit = add_unit(tx, school.algebra, "Functions")
        return add_module(tx, unit, "Lines", "lecture", duration_seconds=4_000, published_at=TERM_START)


def following(browser: httpx.Client, learner_id: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = browser.get(f"/api/v1/users/{learner_id}/next").json()["next"]
    return rows


@pytest.mark.parametrize("username", sorted(set(ROLES) - {"gone"}))
def test_what_comes_next_is_shown_to_those_who_may_see_the_learner_and_to_no_one_else(
    signed_in: SignedIn, school: School, username: str
) -> None:
    answer = signed_in(username).get(f"/api/v1/users/{school.people['ada']}/next")
    if username in SEES_ADA:
        assert [row["course_title"] for row in answer.json()["next"]] == ["Algebra"]
    else:
        unknown = signed_in(username).get("/api/v1/users/999999/next")
        assert check_problem(answer, 404) == check_problem(unknown, 404)


def test_untouched_course_begins_with_its_first_module(signed_in: SignedIn, school: School) -> None:
    [row] = following(signed_in("ben"), school.people["ben"])
    assert (row["module_id"], row["reason"]) == (school.algebra_modules[0], "start")
    assert (row["why"], row["last_activity_at"]) == ("Begin in unit “Numbers”.", None)


def test_without_a_begun_lecture_the_next_module_is_named_with_its_unit(signed_in: SignedIn, school: School) -> None:
    tutor = school.people["tutor"]
    signed_in("head").post("/api/v1/events", json=event(tutor, school.biology_module, "tutor-done"))
    assert following(signed_in("tutor"), tutor) == []
    for number, module in enumerate(school.algebra_modules[:2]):
        signed_in("head").post("/api/v1/events", json=event(school.people["gone"], module, f"gone-{number}"))
    [row] = following(signed_in("head"), school.people["gone"])
    assert (row["module_id"], row["reason"], row["why"]) == (
        school.algebra_modules[2],
        "next",
        "Next in unit “Equations”.",
    )


@pytest.mark.parametrize(
    ("position", "why"),
    [(200.9, "You stopped at 3:20."), (3_661, "You stopped at 1:01:01."), (0, "You began this lecture.")],
)
def test_begun_lecture_is_resumed_where_the_learner_stopped(
    signed_in: SignedIn, school: School, lecture: int, position: float, why: str
) -> None:
    played = event(
        school.people["ada"],
        lecture,
        f"played-{position}",
        kind="played",
        position_seconds=position,
        watched_intervals=[[0, 10]],
        occurred_at=f"2026-03-02T08:30:{position // 100:02.0f}Z" if position else "2026-03-02T08:31:00Z",
    )
    signed_in("ada").post("/api/v1/events", json=played)
    [row] = following(signed_in("mother"), school.people["ada"])
    assert (row["module_id"], row["reason"], row["why"]) == (lecture, "resume", why)
    assert (row["position_seconds"], row["duration_seconds"], row["unit_title"]) == (position, 4_000, "Functions")


def test_learner_without_a_course_has_nothing_next(signed_in: SignedIn, school: School) -> None:
    assert following(signed_in("newcomer"), school.people["newcomer"]) == []


def test_strangers_get_401(stranger: httpx.Client, school: School) -> None:
    check_problem(stranger.get(f"/api/v1/users/{school.people['ada']}/next"), 401)
