"""`GET /api/v1/courses/{id}/progress`: summary and learners, over those whom the caller may see."""

import httpx
import pytest

from api.answers.paging import cursor_of
from tests.api.conftest import SignedIn
from tests.api.school import ROLES, School
from tests.api.v1.test_events import check_problem, event

SEEN_IN_ALGEBRA = {
    "ada": ["ada"],
    "ben": ["ben"],
    "turing": ["ada", "ben"],
    "mother": ["ada"],
    "head": ["ada", "ben", "gone"],
}


def path(school: School) -> str:
    return f"/api/v1/courses/{school.algebra}/progress"


@pytest.fixture(scope="module", autouse=True)
def _studied(signed_in: SignedIn, school: School) -> None:
    """Ada completes the first of two units, Ben and Gone do nothing."""
    for module in school.algebra_modules[:2]:
        signed_in("head").post("/api/v1/events", json=event(school.people["ada"], module, f"order-{module}"))


@pytest.mark.parametrize("username", sorted(set(ROLES) - {"gone"}))
def test_everyone_gets_those_learners_whom_they_may_see_and_figures_over_them_alone(
    signed_in: SignedIn, school: School, username: str
) -> None:
    answer = signed_in(username).get(path(school))
    if username not in SEEN_IN_ALGEBRA:
        unknown = signed_in(username).get("/api/v1/courses/999999/progress")
        assert check_problem(answer, 404) == check_problem(unknown, 404)
        return
    expected = [school.people[name] for name in SEEN_IN_ALGEBRA[username]]
    assert [learner["user_id"] for learner in answer.json()["learners"]] == expected
    assert answer.json()["summary"]["learners_count"] == len(expected)


def test_summary_and_rows_agree(signed_in: SignedIn, school: School) -> None:
    answer = signed_in("head").get(path(school)).json()
    assert (answer["course_title"], answer["course_external_id"], answer["next_cursor"]) == ("Algebra", "ALG-1", None)
    assert answer["summary"] == {
        "learners_count": 3,
        "active_learners_count": 0,  # hers was too long ago
        "completed_learners_count": 0,
        "dropped_learners_count": 0,
        "not_started_learners_count": 2,
        "mean_percentage": pytest.approx(50 / 3),
        "median_percentage": 0.0,
        "mean_modules_percentage": pytest.approx(50 / 3),
        "median_modules_percentage": 0.0,
    }
    assert answer["learners"][0]["full_name"] == "Ada"


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("id", ["ada", "ben", "gone"]),
        ("name", ["ada", "ben", "gone"]),
        ("percentage", ["ben", "gone", "ada"]),
        ("-percentage", ["ada", "ben", "gone"]),
        ("modules", ["ben", "gone", "ada"]),
        ("-modules", ["ada", "ben", "gone"]),
    ],
)
def test_pages_go_through_all_learners_once_in_every_order(
    signed_in: SignedIn, school: School, sort: str, expected: list[str]
) -> None:
    seen, cursor = [], {}
    for expected_rows in (2, 1):
        page = signed_in("head").get(path(school), params={"limit": 2, "sort": sort, **cursor}).json()
        assert len(page["learners"]) == expected_rows
        assert page["summary"]["learners_count"] == 3
        seen += [learner["user_id"] for learner in page["learners"]]
        cursor = {"cursor": page["next_cursor"]}
    assert (seen, cursor) == ([school.people[name] for name in expected], {"cursor": None})


def test_page_after_the_last_learner_is_empty_and_still_sums_up(signed_in: SignedIn, school: School) -> None:
    beyond = {"cursor": cursor_of("id", 999_999, 999_999)}
    page = signed_in("head").get(path(school), params=beyond).json()
    assert (page["learners"], page["next_cursor"], page["summary"]["learners_count"]) == ([], None, 3)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "sort=password", "cursor=x", "cursor=WyJpZCIsMV0"]
)
def test_page_that_cannot_be_is_refused(signed_in: SignedIn, school: School, query: str) -> None:
    details = check_problem(signed_in("head").get(f"{path(school)}?{query}"), 422)
    assert details["errors"][0]["pointer"] == query.split("=")[0]


@pytest.mark.parametrize(
    "cursor",
    [
        cursor_of("name", "Ada", 1),
        cursor_of("id", 1, 0),
        cursor_of("id", 1.5, 1),
        cursor_of("id", 2**63, 1),
        cursor_of("id", 1, 1, 1),
        "WyJpZCIsTmFOLDFd",  # ["id",NaN,1]
        "é",
        "",
        "W" * 9_999,
    ],
)
def test_cursor_of_another_list_or_of_none_is_refused(signed_in: SignedIn, school: School, cursor: str) -> None:
    details = check_problem(signed_in("head").get(path(school), params={"cursor": cursor}), 422)
    assert [wrong["pointer"] for wrong in details["errors"]] == ["cursor"]


def test_cursor_of_one_viewer_shows_another_no_more_than_is_theirs(signed_in: SignedIn, school: School) -> None:
    cursor = signed_in("head").get(path(school), params={"limit": 1}).json()["next_cursor"]
    page = signed_in("mother").get(path(school), params={"cursor": cursor}).json()
    assert (page["learners"], page["summary"]["learners_count"]) == ([], 1)


def test_strangers_get_401(stranger: httpx.Client, school: School) -> None:
    check_problem(stranger.get(path(school)), 401)
