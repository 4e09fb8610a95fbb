"""Changing one's own password, as a browser without JavaScript does; and nothing else before, where one must."""

import httpx
import pytest

from data.record import Record
from progress.people.accounts import add_user, set_password
from progress.people.sign_in import SESSION_COOKIE, signed_in_user
from tests.api.conftest import SignedIn
from tests.api.forms import hidden_fields, submit
from tests.api.school import PASSWORD, School

GIVEN, OWN = "given by the office", "chosen by myself"


@pytest.fixture
def newcomer(served_record: Record, school: School, request: pytest.FixtureRequest) -> str:
    """Someone whose password somebody else has set."""
    username = f"new{abs(hash(request.node.name)) % 10**9}"
    with served_record.writing() as tx:
        user_id = add_user(tx, "New Comer", username=username, roles=["student"])
        set_password(tx, user_id, GIVEN, must_be_changed=True)
    return username


def change(browser: httpx.Client, old: str, new: str, again: str | None = None) -> httpx.Response:
    fields = hidden_fields(browser.get("/auth/password", params={"next": "/my_timeline"}))
    typed = {"old": old, "new": new, "again": new if again is None else again}
    return browser.post("/auth/password", data={**fields, **typed})


def test_page_has_what_password_managers_need(signed_in: SignedIn) -> None:
    page = signed_in("ada").get("/auth/password").text
    assert page.count('autocomplete="current-password"') == 1
    assert page.count('autocomplete="new-password"') == 2
    assert "At least 12 characters" in page


def test_someone_who_is_not_signed_in_changes_nothing(stranger: httpx.Client) -> None:
    assert stranger.get("/auth/password").headers["location"] == "/auth/login"
    assert stranger.post("/auth/password", data={"old": PASSWORD, "new": OWN}).headers["location"] == "/auth/login"


def test_form_of_another_site_changes_nothing(stranger: httpx.Client, newcomer: str) -> None:
    submit(stranger, newcomer, GIVEN)
    answer = stranger.post("/auth/password", data={"old": GIVEN, "new": OWN, "again": OWN, "form_token": "x" * 43})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", OWN, OWN, "That is not your password."),
        (GIVEN, OWN, "something else", "The two new passwords differ."),
        (GIVEN, "short", "short", "it needs at least 12."),
        (GIVEN, "password1234", "password1234", "one that many people use"),
        (GIVEN, GIVEN, GIVEN, "The new password is the old one."),
    ],
)
def test_change_that_is_refused_says_why(
    stranger: httpx.Client, newcomer: str, old: str, new: str, again: str, words: str
) -> None:
    submit(stranger, newcomer, GIVEN)
    answer = change(stranger, old, new, again)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert new not in answer.text


def test_password_that_someone_else_set_opens_nothing_but_the_page_that_changes_it(
    stranger: httpx.Client, newcomer: str
) -> None:
    submit(stranger, newcomer, GIVEN)
    assert stranger.get("/my_timeline").headers["location"] == "/auth/password?next=/my_timeline"
    assert stranger.get("/_stcore/host-config").status_code == 401
    refused = stranger.get("/api/v1/exports/events")
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
    assert "/auth/password" in refused.json()["detail"]
    assert stranger.get("/xapi/statements", headers={"X-Experience-API-Version": "1.0.3"}).status_code == 403
    assert "Choose a password of your own" in stranger.get("/auth/password").text


def test_own_password_once_chosen_opens_what_was_wanted(stranger: httpx.Client, newcomer: str) -> None:
    submit(stranger, newcomer, GIVEN)
    assert change(stranger, GIVEN, OWN).headers["location"] == "/my_timeline"
    assert signed_in_user(stranger.cookies[SESSION_COOKIE]) is not None
    assert stranger.get("/api/v1/exports/events").status_code == 200
    stranger.cookies.delete(SESSION_COOKIE)
    assert submit(stranger, newcomer, OWN).headers["location"] == "/"


def test_change_of_ones_own_will_is_confirmed_in_words(stranger: httpx.Client, newcomer: str) -> None:
    submit(stranger, newcomer, GIVEN)
    change(stranger, GIVEN, OWN)
    answer = change(stranger, OWN, GIVEN)
    assert "Your password is changed" in stranger.get(answer.headers["location"]).text
