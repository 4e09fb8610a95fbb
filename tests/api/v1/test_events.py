"""`POST /api/v1/events`: who may record what, and what is refused before it comes to that."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from data.models import ProgressEvent
from data.record import Record
from tests.api.conftest import SignedIn
from tests.api.school import ROLES, School

NOT_YOURS = "There is no such learner among those for whom you may record progress."


def event(user_id: int, module_id: int, event_id: str, **more: Any) -> dict[str, Any]:
    return {
        "source": "test",
        "event_id": event_id,
        "user_id": user_id,
        "module_id": module_id,
        "kind": "viewed",
        "occurred_at": "2026-03-02T09:30:00+01:00",
        **more,
    }


def verdicts(answer: httpx.Response) -> list[tuple[str, str, str | None]]:
    assert answer.status_code == 200, answer.text
    return [(found["event_id"], found["outcome"], found["reason"]) for found in answer.json()["verdicts"]]


def stored_events(record: Record) -> int:
    with record.reading() as connection:
        return connection.scalar(select(func.count()).select_from(ProgressEvent)) or 0


def check_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    details: dict[str, Any] = answer.json()
    assert (details["type"], details["status"]) == ("about:blank", status)
    assert "Traceback" not in answer.text
    return details


def test_learner_records_for_herself_and_the_progress_follows_at_once(signed_in: SignedIn, school: School) -> None:
    zoe = school.people["zoe"]
    answer = signed_in("zoe").post("/api/v1/events", json=event(zoe, school.biology_module, "zoe-1"))
    assert verdicts(answer) == [("zoe-1", "created", None)]
    (course,) = signed_in("zoe").get(f"/api/v1/users/{zoe}/progress").json()["courses"]
    assert (course["completed_modules_count"], course["total_modules"], course["shown_percentage"]) == (1, 1, 100)


def test_same_event_again_is_a_duplicate(signed_in: SignedIn, school: School) -> None:
    sent = event(school.people["ada"], school.algebra_modules[0], "again")
    outcomes = [verdicts(signed_in("head").post("/api/v1/events", json=sent))[0][1] for _ in range(2)]
    assert outcomes == ["created", "duplicate"]


@pytest.mark.parametrize("moment", ["1989-12-31T23:59:59Z", "0001-01-01T00:30:00+05:00"])
def test_an_event_of_an_impossible_time_is_refused_alone(signed_in: SignedIn, school: School, moment: str) -> None:
    ada, module = school.people["ada"], school.algebra_modules[0]
    old = event(ada, module, f"old {moment}", occurred_at=moment)
    answer = signed_in("ada").post("/api/v1/events", json=[old, event(ada, module, f"new {moment}")])
    assert [(outcome, reason) for _, outcome, reason in verdicts(answer)] == [
        ("refused", "The date is too long ago to be right."),
        ("created", None),
    ]


def test_each_event_of_a_list_gets_its_own_verdict_and_good_ones_are_kept(signed_in: SignedIn, school: School) -> None:
    ada, module = school.people["ada"], school.algebra_modules[1]
    sent = [
        event(ada, module, "list-1"),
        event(ada, 999_999, "list-2"),
        event(ada, module, "list-3", score=101.0),
        event(ada, module, "list-1"),
        event(school.people["zoe"], module, "list-4"),
    ]
    assert verdicts(signed_in("head").post("/api/v1/events", json=sent)) == [
        ("list-1", "created", None),
        ("list-2", "refused", "There is no such module."),
        ("list-3", "refused", "The score 101 is not between 0 and 100."),
        ("list-1", "duplicate", None),
        ("list-4", "refused", "No learner with this id is enrolled in this module's course."),
    ]


MAY_RECORD_FOR_ADA = {"ada", "turing", "head"}


@pytest.mark.parametrize("username", sorted(set(ROLES) - {"gone"}))
def test_only_the_learner_her_teacher_and_administrators_record_for_her(
    signed_in: SignedIn, school: School, username: str
) -> None:
    sent = event(school.people["ada"], school.algebra_modules[2], f"by-{username}")
    answer = verdicts(signed_in(username).post("/api/v1/events", json=sent))
    expected = ("created", None) if username in MAY_RECORD_FOR_ADA else ("refused", NOT_YOURS)
    assert answer == [(f"by-{username}", *expected)]


def test_unknown_learner_is_refused_in_the_same_words_as_someone_elses(signed_in: SignedIn, school: School) -> None:
    sent = event(999_999, school.algebra_modules[0], "unknown")
    assert verdicts(signed_in("turing").post("/api/v1/events", json=sent)) == [("unknown", "refused", NOT_YOURS)]


def test_learner_cannot_take_the_event_ids_of_a_whole_system(signed_in: SignedIn, school: School) -> None:
    taken = event(school.people["ben"], school.algebra_modules[0], "lms-1", source="lms")
    assert verdicts(signed_in("ben").post("/api/v1/events", json=taken)) == [("lms-1", "created", None)]
    real = event(school.people["ada"], school.algebra_modules[0], "lms-1", source="lms", kind="scored", score=80)
    assert verdicts(signed_in("head").post("/api/v1/events", json=real)) == [("lms-1", "created", None)]


def test_learner_cannot_learn_which_event_ids_exist(signed_in: SignedIn, school: School) -> None:
    real = event(school.people["ada"], school.algebra_modules[0], "secret-1", source="lms")
    assert verdicts(signed_in("head").post("/api/v1/events", json=real)) == [("secret-1", "created", None)]
    probe = event(school.people["ben"], school.algebra_modules[0], "secret-1", source="lms")
    assert verdicts(signed_in("ben").post("/api/v1/events", json=probe)) == [("secret-1", "created", None)]


@pytest.mark.parametrize("cookie", [{}, {"waymark_session": "forged"}])
def test_nobody_signed_in_records_nothing(
    stranger: httpx.Client, school: School, served_record: Record, cookie: dict[str, str]
) -> None:
    before = stored_events(served_record)
    stranger.cookies.update(cookie)
    sent = event(school.people["ada"], school.algebra_modules[0], "stranger")
    details = check_problem(stranger.post("/api/v1/events", json=sent), 401)
    assert details["detail"].startswith("Sign in first")
    assert stored_events(served_record) == before


def test_stranger_gets_401_before_the_body_is_looked_at(stranger: httpx.Client) -> None:
    check_problem(stranger.post("/api/v1/events", content=b"{", headers={"Content-Type": "application/json"}), 401)


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_page_of_another_site_cannot_use_the_cookie(
    signed_in: SignedIn, school: School, served_record: Record, headers: dict[str, str]
) -> None:
    before = stored_events(served_record)
    sent = event(school.people["ada"], school.algebra_modules[0], "cross-site")
    check_problem(signed_in("ada").post("/api/v1/events", json=sent, headers=headers), 403)
    assert stored_events(served_record) == before


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
def test_body_that_a_form_could_send_is_refused(signed_in: SignedIn, content_type: str) -> None:
    answer = signed_in("ada").post("/api/v1/events", content=b"{}", headers={"Content-Type": content_type})
    check_problem(answer, 415)


def test_json_with_a_charset_is_json(signed_in: SignedIn) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    check_problem(signed_in("ada").post("/api/v1/events", content=b"{}", headers=headers), 422)


WRONG: dict[str, Any] = {
    "user_id": ["1", 1.5, True, None, 0, -1, 2**63, {}, []],
    "module_id": ["1", None, 0, 2**70],
    "occurred_at": [
        "2026-03-02T09:30:00",
        "yesterday",
        None,
        "2026-02-30T00:00:00Z",
        {},
    ],
    "score": ["80", True, {}],
    "watched_intervals": [[[1]], [["a", "b"]], [[1, 2, 3]], "1-2", [[0, 1]] * 1001],
    "interactions_count": [0, -1, 1.5, "1", 2**31, None],
    "source": ["", "a" * 201, "a\u0000b", "\ud800", None, 1],
    "event_id": ["", "a" * 201, "a\nb", None],
    "kind": [None, "", 3],
    "reason": ["a" * 2001, "a\u0000b", 5],
    "unexpected": [1],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field in WRONG for value in WRONG[field]])
def test_wrong_type_or_impossible_value_is_refused_by_name(
    signed_in: SignedIn, school: School, field: str, value: Any
) -> None:
    sent = event(school.people["ada"], school.algebra_modules[0], "wrong") | {field: value}
    headers = {"Content-Type": "application/json"}
    answer = signed_in("head").post("/api/v1/events", content=json.dumps(sent), headers=headers)
    details = check_problem(answer, 422)
    assert details["errors"][0]["pointer"].startswith(f"#/{field}")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("field", ["score", "position_seconds"])
def test_number_that_is_none_is_refused(signed_in: SignedIn, field: str, number: str) -> None:
    body = (
        '{"source": "t", "event_id": "n", "user_id": 1, "module_id": 1, "kind": "scored", '
        f'"occurred_at": "2026-03-02T09:30:00Z", "{field}": {number}}}'
    )
    answer = signed_in("head").post("/api/v1/events", content=body, headers={"Content-Type": "application/json"})
    assert check_problem(answer, 422)["errors"][0]["pointer"] == f"#/{field}"


def test_wrong_event_in_a_list_is_pointed_out_and_nothing_of_the_list_is_stored(
    signed_in: SignedIn, school: School, served_record: Record
) -> None:
    before = stored_events(served_record)
    good = event(school.people["ada"], school.algebra_modules[0], "good")
    details = check_problem(signed_in("head").post("/api/v1/events", json=[good, good | {"score": "high"}]), 422)
    assert details["errors"] == [{"pointer": "#/1/score", "detail": "Input should be a valid number"}]
    assert stored_events(served_record) == before


@pytest.mark.parametrize("body", [b"", b"{", b"[", b"nothing", b"\xff\xfe", b"null", b"1", b'"x"', b"[]"])
def test_body_that_is_no_event_is_refused(signed_in: SignedIn, body: bytes) -> None:
    answer = signed_in("head").post("/api/v1/events", content=body, headers={"Content-Type": "application/json"})
    check_problem(answer, 422)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"1" * 5_000], ids=["deep", "long number"])
def test_body_that_no_reader_of_json_bears_is_refused(signed_in: SignedIn, body: bytes) -> None:
    answer = signed_in("head").post("/api/v1/events", content=body, headers={"Content-Type": "application/json"})
    check_problem(answer, 400)


def test_thousand_events_are_taken_at_once_and_one_more_is_not(signed_in: SignedIn, school: School) -> None:
    sent = [event(school.people["ben"], school.algebra_modules[0], f"many-{n}") for n in range(1001)]
    check_problem(signed_in("head").post("/api/v1/events", json=sent), 422)
    outcomes = {outcome for _, outcome, _ in verdicts(signed_in("head").post("/api/v1/events", json=sent[:1000]))}
    assert outcomes == {"created"}


def test_enormous_body_is_refused_whether_announced_or_not(signed_in: SignedIn) -> None:
    headers = {"Content-Type": "application/json"}
    announced = signed_in("head").post("/api/v1/events", content=b"[" + b" " * 4_000_001, headers=headers)
    chunked = signed_in("head").post("/api/v1/events", content=(b" " * 1_000_000 for _ in range(5)), headers=headers)
    assert check_problem(announced, 413)["detail"] == "The body is larger than 4,000,000 bytes. Send it in parts."
    check_problem(chunked, 413)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_problems_too(signed_in: SignedIn, method: str) -> None:
    check_problem(signed_in("head").request(method, "/api/v1/events"), 405)
