"""`GET /api/v1/courses/{id}/progress`: summary and learners, over those whom the caller may see."""

import httpx
import pytest

from tests.api.conftest import SignedIn
from tests.api.school import ROLES, School
from tests.api.test_events import check_problem

SEEN_IN_ALGEBRA = {
    "ada": ["ada"],
    "ben": ["ben"],
    "turing": ["ada", "ben"],
    "mother": ["ada"],
    "head": ["ada", "ben", "gone"],
}


@pytest.mark.parametrize("username", sorted(set(ROLES) - {"gone"}))
def test_everyone_gets_those_learners_whom_they_may_see_and_figures_over_them_alone(
    signed_in: SignedIn, school: School, username: str
) -> None:
    answer = signed_in(username).get(f"/api/v1/courses/{school.algebra}/progress")
    if username not in SEEN_IN_ALGEBRA:
        unknown = signed_in(username).get("/api/v1/courses/999999/progress")
        assert check_problem(answer, 404) == check_problem(unknown, 404)
        return
    expected = [school.people[name] for name in SEEN_IN_ALGEBRA[username]]
    assert [learner["user_id"] for learner in answer.json()["learners"]] == expected
    assert answer.json()["summary"]["learners_count"] == len(expected)


def test_summary_and_rows_agree(signed_in: SignedIn, school: School) -> None:
    answer = signed_in("head").get(f"/api/v1/courses/{school.algebra}/progress").json()
    assert (answer["course_title"], answer["course_external_id"], answer["next_cursor"]) == ("Algebra", "ALG-1", None)
    assert answer["summary"] == {
        "learners_count": 3,
        "active_learners_count": 0,
        "completed_learners_count": 0,
        "dropped_learners_count": 0,
        "not_started_learners_count": 3,
        "mean_percentage": 0.0,
        "median_percentage": 0.0,
    }
    assert answer["learners"][0]["full_name"] == "Ada"


def test_pages_go_through_all_learners_once(signed_in: SignedIn, school: School) -> None:
    path, seen, cursor = f"/api/v1/courses/{school.algebra}/progress", [], 0
    for expected_rows in (2, 1):
        page = signed_in("head").get(path, params={"limit": 2, "after": cursor}).json()
        assert len(page["learners"]) == expected_rows
        assert page["summary"]["learners_count"] == 3
        seen += [learner["user_id"] for learner in page["learners"]]
        cursor = page["next_cursor"]
    assert (seen, cursor) == ([school.people[name] for name in ("ada", "ben", "gone")], None)


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "after=-1", "after=NaN", f"after={2**63}"])
def test_page_that_cannot_be_is_refused(signed_in: SignedIn, school: School, query: str) -> None:
    details = check_problem(signed_in("head").get(f"/api/v1/courses/{school.algebra}/progress?{query}"), 422)
    assert details["errors"][0]["pointer"] == query.split("=")[0]


def test_strangers_get_401(stranger: httpx.Client, school: School) -> None:
    check_problem(stranger.get(f"/api/v1/courses/{school.algebra}/progress"), 401)
