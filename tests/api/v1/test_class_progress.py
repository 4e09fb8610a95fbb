"""`GET /api/v1/classes/{id}/progress`: summary and learners of a class, over those whom the caller may see."""

from datetime import UTC, datetime

import httpx
import pytest

from data.record import Record
from progress.courses.classes import add_class, join_class, teach_class
from progress.courses.enrolment import enrol
from progress.people.access import viewer_of
from queries.class_progress import class_progress
from tests.api.conftest import SignedIn
from tests.api.school import ROLES, School
from tests.api.v1.test_events import check_problem, event

SEEN = {
    "ada": ["ada"],
    "ben": ["ben"],
    "turing": ["ada", "ben"],
    "mother": ["ada"],
    "head": ["ada", "ben"],
}


@pytest.fixture(scope="module")
def class_7a(school: School) -> int:
    taught = viewer_of(school.people["turing"]).class_ids
    return taught[0]


def path(class_id: int) -> str:
    return f"/api/v1/classes/{class_id}/progress"


@pytest.mark.parametrize("username", sorted(set(ROLES) - {"gone"}))
def test_a_class_is_shown_with_those_learners_whom_the_caller_may_see(
    signed_in: SignedIn, school: School, class_7a: int, username: str
) -> None:
    answer = signed_in(username).get(path(class_7a))
    if username not in SEEN:
        assert check_problem(answer, 404) == check_problem(signed_in(username).get(path(999_999)), 404)
        return
    expected = [school.people[name] for name in SEEN[username]]
    assert [learner["user_id"] for learner in answer.json()["learners"]] == expected
    assert answer.json()["summary"]["learners_count"] == len(expected)


def test_figures_are_those_of_the_teacher_s_page(signed_in: SignedIn, school: School, class_7a: int) -> None:
    for module in school.algebra_modules[:2]:
        signed_in("head").post("/api/v1/events", json=event(school.people["ada"], module, f"7a-{module}"))
    answer = signed_in("turing").get(path(class_7a), params={"sort": "-percentage"}).json()
    row = class_progress(viewer_of(school.people["turing"])).row(0, named=True)
    assert answer["summary"] == {name: row[name] for name in answer["summary"]}
    assert answer["summary"]["mean_percentage"] == 25
    assert (answer["class_id"], answer["class_name"]) == (class_7a, "7a")
    assert (answer["course_id"], answer["course_title"]) == (school.algebra, "Algebra")
    shown = [(learner["full_name"], learner["status"], learner["shown_percentage"]) for learner in answer["learners"]]
    assert shown == [("Ada", "in_progress", 50), ("Ben", "not_started", 0)]


def test_pages_go_through_the_class_once(signed_in: SignedIn, school: School, class_7a: int) -> None:
    first = signed_in("turing").get(path(class_7a), params={"limit": 1}).json()
    second = signed_in("turing").get(path(class_7a), params={"limit": 1, "cursor": first["next_cursor"]}).json()
    seen = [learner["user_id"] for learner in first["learners"] + second["learners"]]
    assert (seen, second["next_cursor"]) == ([school.people["ada"], school.people["ben"]], None)
    check_problem(signed_in("turing").get(path(class_7a), params={"cursor": "x"}), 422)


def test_class_without_learners_is_shown_to_its_teachers_and_administrators_alone(
    signed_in: SignedIn, school: School, served_record: Record
) -> None:
    with served_record.writing() as tx:
        empty = add_class(tx, "Empty", school.algebra)
        teach_class(tx, empty, school.people["turing"])
    for username in sorted(set(ROLES) - {"gone"}):
        answer = signed_in(username).get(path(empty))
        if username in ("turing", "head"):
            assert (answer.json()["learners"], answer.json()["summary"]["learners_count"]) == ([], 0)
        else:
            check_problem(answer, 404)


def test_other_courses_and_former_classmates_are_left_out(
    signed_in: SignedIn, school: School, served_record: Record
) -> None:
    with served_record.writing() as tx:
        biology = add_class(tx, "7b", school.biology)
        enrol(tx, [school.people["ben"]], school.biology, datetime(2026, 2, 2, tzinfo=UTC))
        join_class(tx, biology, [school.people["ben"]])
    answer = signed_in("head").get(path(biology)).json()
    assert [(learner["full_name"], learner["total_modules"]) for learner in answer["learners"]] == [("Ben", 1)]


def test_strangers_get_401(stranger: httpx.Client, class_7a: int) -> None:
    check_problem(stranger.get(path(class_7a)), 401)
