"""`/me`: the own password and the own sessions over HTTP; nobody else's, and nothing for tokens."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from data.record import Record
from progress.people.access_tokens import create_token
from progress.people.accounts import add_user
from progress.people.sign_in import SESSION_COOKIE, sign_in, signed_in_user
from tests.api.conftest import SignedIn
from tests.api.school import PASSWORD, School

NEW = "seven green bottles"


@pytest.fixture
def newcomer(served_record: Record, stranger: httpx.Client) -> httpx.Client:
    """A browser of someone new, who is signed in."""
    username = f"own{datetime.now(UTC).timestamp()}"
    with served_record.writing() as tx:
        add_user(tx, "New Comer", username=username, password=PASSWORD, roles=["student"])
    stranger.cookies.set(SESSION_COOKIE, sign_in(username, PASSWORD, "192.0.2.1"))
    stranger.headers["X-Username"] = username
    return stranger


def change(browser: httpx.Client, old: str, new: str) -> httpx.Response:
    return browser.post("/api/v1/me/password", json={"old_password": old, "new_password": new})


def test_own_password_is_changed_with_the_old_one(newcomer: httpx.Client) -> None:
    other = sign_in(newcomer.headers["X-Username"], PASSWORD, "192.0.2.1")
    assert change(newcomer, PASSWORD, NEW).status_code == 204
    assert signed_in_user(other) is None
    assert newcomer.get("/api/v1/me/sessions").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [("wrong", NEW, "#/old_password"), (PASSWORD, "short", "#/new_password"), (PASSWORD, PASSWORD, "#/new_password")],
)
def test_change_that_is_refused_names_the_field_and_repeats_no_password(
    newcomer: httpx.Client, old: str, new: str, pointer: str
) -> None:
    answer = change(newcomer, old, new)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])
    assert PASSWORD not in answer.text


def test_guessing_the_old_password_slows_down(newcomer: httpx.Client) -> None:
    answers = [change(newcomer, "wrong", NEW) for _ in range(6)]
    late = next(answer for answer in answers if answer.status_code == 429)
    assert int(late.headers["retry-after"]) >= 1


def test_token_changes_no_password_and_ends_no_session(
    stranger: httpx.Client, served_record: Record, school: School, signed_in: SignedIn
) -> None:
    with served_record.writing() as tx:
        until = datetime.now(UTC) + timedelta(days=1)
        token = create_token(tx, school.people["ada"], "LMS", ["read", "record"], until).token
    stranger.headers["Authorization"] = f"Bearer {token}"
    session = signed_in("ada").get("/api/v1/me/sessions").json()["sessions"][0]
    assert change(stranger, PASSWORD, NEW).status_code == 403
    assert stranger.delete(f"/api/v1/me/sessions/{session['session_id']}").status_code == 403
    assert signed_in("ada").get("/api/v1/me/sessions").status_code == 200


def test_own_sessions_are_listed_and_ended(newcomer: httpx.Client) -> None:
    other = sign_in(newcomer.headers["X-Username"], PASSWORD, "192.0.2.9")
    found = newcomer.get("/api/v1/me/sessions").json()["sessions"]
    assert [each["is_this"] for each in found] == [True, False]
    assert newcomer.delete(f"/api/v1/me/sessions/{found[1]['session_id']}").status_code == 204
    assert signed_in_user(other) is None


def test_administrators_neither_see_nor_end_anyone_elses_session(newcomer: httpx.Client, signed_in: SignedIn) -> None:
    (own,) = newcomer.get("/api/v1/me/sessions").json()["sessions"]
    theirs = signed_in("head").get("/api/v1/me/sessions").json()["sessions"]
    assert own["session_id"] not in {each["session_id"] for each in theirs}
    assert signed_in("head").delete(f"/api/v1/me/sessions/{own['session_id']}").status_code == 404
    assert newcomer.get("/api/v1/me/sessions").status_code == 200
