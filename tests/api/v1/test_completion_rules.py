"""`/api/v1/courses/{id}/completion-rule`: who sees it, who may change it, and what a change and its preview answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from data.record import Record
from progress.courses.enrolment import enrol
from progress.courses.structure import add_course, add_module, add_unit
from progress.people.access_tokens import create_token
from tests.api.conftest import SignedIn
from tests.api.school import ROLES, TERM_START, School
from tests.api.v1.test_course_progress import SEEN_IN_ALGEBRA
from tests.api.v1.test_events import check_problem

BY_UNITS = "The course is complete when all its units are."


@pytest.fixture
def physics(served_record: Record, school: School) -> tuple[int, int, int]:
    """A course of its own with a lecture and a quiz, which ada and ben take: its id and theirs."""
    with served_record.writing() as tx:
        course = add_course(tx, "Physics")
        unit = add_unit(tx, course, "Light")
        lecture = add_module(tx, unit, "Waves", "lecture", duration_seconds=60, published_at=TERM_START)
        quiz = add_module(tx, unit, "Optics quiz", "quiz", pass_mark=50, published_at=TERM_START)
        enrol(tx, [school.people["ada"], school.people["ben"]], course, TERM_START)
    return course, lecture, quiz


def rule_of(course: int) -> str:
    return f"/api/v1/courses/{course}/completion-rule"


def passed(quiz: int, **more: Any) -> dict[str, Any]:
    return {"key_assignments": [{"module_id": quiz, "needs": "passed"}], **more}


def score(browser: httpx.Client, learner: int, quiz: int) -> None:
    told = {"source": "lms", "event_id": f"quiz-{quiz}-{learner}", "user_id": learner, "module_id": quiz}
    answer = browser.post(
        "/api/v1/events", json={**told, "kind": "scored", "score": 80, "occurred_at": "2026-02-02T10:00Z"}
    )
    assert answer.json()["verdicts"][0]["outcome"] == "created"


@pytest.mark.parametrize("username", sorted(set(ROLES) - {"gone"}))
def test_who_sees_the_course_sees_its_rule_and_only_administrators_change_it(
    signed_in: SignedIn, school: School, username: str
) -> None:
    browser, path, unknown = signed_in(username), rule_of(school.algebra), rule_of(999_999)
    asked = [
        lambda at: browser.get(at),
        lambda at: browser.put(at, json=passed(school.biology_module)),
        lambda at: browser.delete(at),
        lambda at: browser.post(f"{at}/preview", json={"lecture_share": 0.5}),
    ]
    if username not in SEEN_IN_ALGEBRA:
        for ask in asked:
            assert check_problem(ask(path), 404) == check_problem(ask(unknown), 404)
        return
    found = asked[0](path)
    assert (found.status_code, found.json()["version"], found.json()["description"]) == (200, 0, BY_UNITS)
    if username != "head":
        for ask in asked[1:]:
            assert "Only administrators" in check_problem(ask(path), 403)["detail"]
            check_problem(ask(unknown), 404)


def test_a_saved_rule_is_told_with_its_history(
    signed_in: SignedIn, school: School, physics: tuple[int, int, int]
) -> None:
    course, _, quiz = physics
    head, path = signed_in("head"), rule_of(course)
    assert head.put(path, json={"lecture_share": 1}).json()["version"] == 1
    saved = head.put(path, json=passed(quiz, lecture_share=0.5, minimum_score=60)).json()
    assert (saved["is_new"], saved["gained_count"], saved["created_by"]) == (True, 0, "Head")
    words = "50% of its lectures are complete and “Optics quiz” is passed, with a score of at least 60%"
    assert saved["description"] == f"The course is complete when {words}."
    assert saved["key_assignments"] == [{"module_id": quiz, "module_title": "Optics quiz", "needs": "passed"}]
    seen = signed_in("ada").get(path).json()
    assert [(old["version"], old["lecture_share"], old["created_by"]) for old in seen["history"]] == [
        (2, 0.5, None),
        (1, 1.0, None),
    ]
    assert (seen["created_by"], seen["created_at"]) == (None, saved["created_at"])


def test_the_preview_names_whom_re_evaluation_completes(
    signed_in: SignedIn, school: School, physics: tuple[int, int, int]
) -> None:
    course, _, quiz = physics
    head, path, ada = signed_in("head"), rule_of(course), school.people["ada"]
    score(head, ada, quiz)
    gains = head.post(f"{path}/preview", json=passed(quiz)).json()
    assert gains["learners_count"] == 1
    assert gains["learners"] == [{"user_id": ada, "full_name": "Ada", "completed_at": "2026-02-02T10:00:00Z"}]
    assert head.get(path).json()["version"] == 0
    assert head.put(path, json=passed(quiz)).json()["gained_count"] == 0
    assert head.put(path, json=passed(quiz, reevaluate=True)).json()["gained_count"] == 1
    [row] = [row for row in head.get(f"/api/v1/users/{ada}/progress").json()["courses"] if row["course_id"] == course]
    assert (row["completed_at"], row["completion_percentage"], row["new_modules_count"]) == (
        "2026-02-02T10:00:00Z",
        0,
        0,
    )
    assert head.post(f"{path}/preview", json=passed(quiz)).json()["learners_count"] == 0


def test_the_same_rule_again_is_no_new_version(signed_in: SignedIn, physics: tuple[int, int, int]) -> None:
    head, path = signed_in("head"), rule_of(physics[0])
    first, again = (head.put(path, json={"lecture_share": 0.5}) for _ in range(2))
    assert (first.json()["is_new"], again.json()["is_new"]) == (True, False)
    assert first.json()["version"] == again.json()["version"] == 1


def test_taking_the_rule_away_is_a_version_too(signed_in: SignedIn, physics: tuple[int, int, int]) -> None:
    head, path = signed_in("head"), rule_of(physics[0])
    head.put(path, json={"lecture_share": 0.5})
    removed = head.delete(path, params={"reevaluate": True}).json()
    assert (removed["version"], removed["completes_by_units"], removed["reevaluated"]) == (2, True, True)
    assert head.delete(path).json()["is_new"] is False
    assert [old["version"] for old in head.get(path).json()["history"]] == [2, 1]


def test_a_rule_that_the_caller_has_is_not_sent_again(signed_in: SignedIn, physics: tuple[int, int, int]) -> None:
    head, path = signed_in("head"), rule_of(physics[0])
    tag = head.get(path).headers["etag"]
    unchanged = head.get(path, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    head.put(path, json={"lecture_share": 0.5})
    assert head.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_of_two_who_change_it_at_once_one_is_told(signed_in: SignedIn, physics: tuple[int, int, int]) -> None:
    head, path = signed_in("head"), rule_of(physics[0])
    tag = head.get(path).headers["etag"]
    assert head.put(path, json={"lecture_share": 0.5}, headers={"If-Match": tag}).status_code == 200
    for outdated in (tag, '"0"', '"7"', "3", "no tag"):
        check_problem(head.put(path, json={"lecture_share": 0.6}, headers={"If-Match": outdated}), 412)
        check_problem(head.delete(path, headers={"If-Match": outdated}), 412)
    check_problem(head.put(path, json={"lecture_share": 0.6, "version": 0}), 409)
    assert head.get(path).json()["version"] == 1
    assert head.put(path, json={"lecture_share": 0.6, "version": 1}).json()["version"] == 2
    assert head.delete(path, headers={"If-Match": '"2"'}).json()["version"] == 3
    assert head.put(path, json={"lecture_share": 0.6}, headers={"If-Match": "*"}).json()["version"] == 4


WRONG = [
    ({}, "#"),
    ({"lecture_share": 0}, "#/lecture_share"),
    ({"lecture_share": 1.01}, "#/lecture_share"),
    ({"lecture_share": "0.5"}, "#/lecture_share"),
    ({"minimum_score": 101}, "#/minimum_score"),
    ({"minimum_score": -1}, "#/minimum_score"),
    ({"lecture_share": 0.5, "share": 1}, "#/share"),
    ({"key_assignments": [{"module_id": 2**63, "needs": "passed"}]}, "#/key_assignments/0/module_id"),
    ({"key_assignments": [{"module_id": 1, "needs": "read"}]}, "#/key_assignments/0/needs"),
    ({"key_assignments": [{"module_id": 999_999, "needs": "passed"}]}, "#/key_assignments"),
    ({"key_assignments": [{"module_id": 1, "needs": "passed"}] * 201}, "#/key_assignments"),
]


@pytest.mark.parametrize(("body", "pointer"), WRONG)
def test_a_rule_that_cannot_be_is_refused_and_nothing_is_stored(
    signed_in: SignedIn, physics: tuple[int, int, int], body: dict[str, Any], pointer: str
) -> None:
    head, path = signed_in("head"), rule_of(physics[0])
    for answer in (head.put(path, json=body), head.post(f"{path}/preview", json=body)):
        assert check_problem(answer, 422)["errors"][0]["pointer"] == pointer
    assert head.get(path).json()["version"] == 0


@pytest.mark.parametrize("body", ['{"lecture_share": NaN}', "[]", "null", "{", '{"minimum_score": 1e999}'])
def test_what_is_no_rule_at_all_is_refused(signed_in: SignedIn, physics: tuple[int, int, int], body: str) -> None:
    json = {"Content-Type": "application/json"}
    check_problem(signed_in("head").put(rule_of(physics[0]), content=body, headers=json), 422)


def test_modules_of_other_courses_are_as_unknown_as_those_that_do_not_exist(
    signed_in: SignedIn, school: School, physics: tuple[int, int, int]
) -> None:
    head, path = signed_in("head"), rule_of(physics[0])
    refused = [check_problem(head.put(path, json=passed(module)), 422) for module in (school.biology_module, 999_999)]
    told = [details["errors"][0]["detail"] for details in refused]
    assert told == [f"These are no modules of this course: {m}." for m in (school.biology_module, 999_999)]


def test_a_token_needs_the_scope_manage_to_change_it(
    served_record: Record, running_app: str, school: School, physics: tuple[int, int, int]
) -> None:
    expiry = datetime.now(UTC) + timedelta(days=1)
    with served_record.writing() as tx:
        tokens = {
            scope: create_token(tx, school.people["head"], scope, ["read", scope], expiry).token
            for scope in ("record", "manage")
        }
    for scope, token in tokens.items():
        with httpx.Client(base_url=running_app, headers={"Authorization": f"Bearer {token}"}) as program:
            assert program.get(rule_of(physics[0])).status_code == 200
            changes = [
                program.put(rule_of(physics[0]), json={"lecture_share": 0.5}),
                program.post(f"{rule_of(physics[0])}/preview", json={"lecture_share": 0.4}),
                program.delete(rule_of(physics[0])),
            ]
            assert {answer.status_code for answer in changes} == ({200} if scope == "manage" else {403})


def test_strangers_get_401(stranger: httpx.Client, physics: tuple[int, int, int]) -> None:
    path = rule_of(physics[0])
    for answer in (stranger.get(path), stranger.put(path, json={"lecture_share": 1}), stranger.delete(path)):
        check_problem(answer, 401)


def test_a_page_of_another_site_removes_no_rule(signed_in: SignedIn, physics: tuple[int, int, int]) -> None:
    signed_in("head").put(rule_of(physics[0]), json={"lecture_share": 0.5})
    from_elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    check_problem(signed_in("head").delete(rule_of(physics[0]), headers=from_elsewhere), 403)
