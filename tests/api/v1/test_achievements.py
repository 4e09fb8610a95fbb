"""`GET /api/v1/users/{id}/achievements`: what was earned, by type and a page at a time."""

import httpx
import pytest

from api.answers.paging import cursor_of
from tests.api.conftest import SignedIn
from tests.api.school import ROLES, School
from tests.api.v1.test_events import check_problem, event

SEES_ADA = {"ada", "turing", "mother", "head"}


@pytest.fixture(scope="module", autouse=True)
def _studied(signed_in: SignedIn, school: School) -> None:
    """Ada completes a unit of two modules, the second with a high score."""
    for number, module in enumerate(school.algebra_modules[:2]):
        day = f"2026-03-0{number + 2}T08:30:00Z"
        signed_in("head").post(
            "/api/v1/events", json=event(school.people["ada"], module, f"v{module}", occurred_at=day)
        )
    scored = event(school.people["ada"], module, "high", kind="scored", score=92.5, occurred_at="2026-03-03T08:30:00Z")
    assert signed_in("head").post("/api/v1/events", json=scored).json()["verdicts"][0]["outcome"] == "created"


def path(school: School) -> str:
    return f"/api/v1/users/{school.people['ada']}/achievements"


@pytest.mark.parametrize("username", sorted(set(ROLES) - {"gone"}))
def test_achievements_are_shown_to_those_who_may_see_the_learner_and_to_no_one_else(
    signed_in: SignedIn, school: School, username: str
) -> None:
    answer = signed_in(username).get(path(school))
    if username in SEES_ADA:
        assert len(answer.json()["achievements"]) == 4
    else:
        unknown = signed_in(username).get("/api/v1/users/999999/achievements")
        assert check_problem(answer, 404) == check_problem(unknown, 404)


def test_each_says_what_was_earned_and_when(signed_in: SignedIn, school: School) -> None:
    answer = signed_in("ada").get(path(school), params={"type": "high_score"}).json()
    assert answer["user_id"] == school.people["ada"]
    assert answer["achievements"] == [
        {
            "achievement_type": "high_score",
            "course_id": school.algebra,
            "course_external_id": "ALG-1",
            "course_title": "Algebra",
            "subject_type": "module",
            "subject_id": school.algebra_modules[1],
            "subject_external_id": None,
            "subject_title": "Reading 2",
            "earned_at": "2026-03-03T08:30:00Z",
            "score": 92.5,
        }
    ]


def test_pages_go_through_all_of_them_newest_first(signed_in: SignedIn, school: School) -> None:
    seen, cursor = [], {}
    while cursor != {"cursor": None}:
        page = signed_in("ada").get(path(school), params={"limit": 1, **cursor}).json()
        seen += [(earned["achievement_type"], earned["subject_title"]) for earned in page["achievements"]]
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [
        ("high_score", "Reading 2"),
        ("module_complete", "Reading 2"),
        ("unit_complete", "Numbers"),
        ("module_complete", "Reading 1"),
    ]


def test_learner_without_any_has_an_empty_list(signed_in: SignedIn, school: School) -> None:
    newcomer = school.people["newcomer"]
    answer = signed_in("newcomer").get(f"/api/v1/users/{newcomer}/achievements").json()
    assert (answer["achievements"], answer["next_cursor"]) == ([], None)


@pytest.mark.parametrize("query", ["type=streak_of_luck", "type=", "limit=0", "limit=501", "cursor=x"])
def test_type_or_page_that_cannot_be_is_refused(signed_in: SignedIn, school: School, query: str) -> None:
    details = check_problem(signed_in("head").get(f"{path(school)}?{query}"), 422)
    assert details["errors"][0]["pointer"] == query.split("=")[0]


@pytest.mark.parametrize(
    "place",
    [
        ("high_score", "2026-03-03T08:30:00", "high_score", 1),  # of the list of another type
        (None, "2026-03-03T08:30:00Z", "high_score", 1),
        (None, "yesterday", "high_score", 1),
        (None, "2026-03-03T08:30:00", "luck", 1),
        (None, "2026-03-03T08:30:00", "high_score", "1"),
        (None, "2026-03-03T08:30:00"),
    ],
)
def test_cursor_of_another_list_is_refused(signed_in: SignedIn, school: School, place: tuple[object, ...]) -> None:
    details = check_problem(signed_in("head").get(path(school), params={"cursor": cursor_of(*place)}), 422)
    assert details["errors"][0]["pointer"] == "cursor"


def test_strangers_get_401(stranger: httpx.Client, school: School) -> None:
    check_problem(stranger.get(path(school)), 401)
