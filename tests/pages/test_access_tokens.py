"""Everyone gives programs access as themselves: made on a page, used over HTTP, and gone as soon as it is revoked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from data.models import AccessToken
from data.record import Record
from data.viewer import Viewer
from progress.people.access_tokens import create_token, tokens_of
from tests.pages.conftest import OTHERS_PASSWORD, SignedIn
from tests.pages.screen import barriers, fits_its_width, open_page, words
from tests.pages.steps import choose, press, wait
from tests.pages.tabs import DESKTOP, PHONE

PATH = "/access_tokens"
Known = Callable[[str], Viewer]


def make(page: Page, name: str, *more: str, password: str = "waymark") -> str:
    """Fill in the form; returns the token that is shown."""
    page.get_by_label("Which program is it for?").fill(name)
    page.get_by_label("Your password").fill(password)
    for label in more:
        page.get_by_text(label, exact=True).click()
    press(page, "Make access")
    expect(page.get_by_role("heading", name=f"Access for {name}", exact=True)).to_be_visible()
    return page.get_by_test_id("stCode").first.inner_text().strip()


def status(served: str, token: str, learner_id: int) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{served}/api/v1/users/{learner_id}/progress", headers=headers, timeout=30).status_code


def test_access_is_made_used_and_revoked(signed_in: SignedIn, served: str, viewer: Known) -> None:
    page, student = signed_in("student"), viewer("student").user_id
    open_page(page, "/my_courses")
    page.get_by_role("link", name="Access for programs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Access for programs")
    name = f"Phone {uuid4().hex[:6]}"
    token = make(page, name)
    assert status(served, token, student) == 200
    assert status(served, token, viewer("admin").user_id) == 404
    assert f"{served}/api/v1/users/{student}/progress" in words(page)
    assert f"begins with {token[:8]}" in words(page)
    press(page, f"Revoke {name}…")
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text(f"{name} has no access any more.")).to_be_visible()
    assert status(served, token, student) == 401


def test_token_is_shown_once_and_never_again(signed_in: SignedIn) -> None:
    page = signed_in("teacher")
    open_page(page, PATH)
    token = make(page, f"LMS {uuid4().hex[:6]}")
    assert "Copy this access token now: it is shown once." in words(page)
    page.get_by_test_id("stSidebarNavLink").first.click()
    wait(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Access for programs")
    wait(page)
    assert f"begins with {token[:8]}" in words(page)
    assert token not in page.content()


def test_access_is_for_what_was_chosen_and_as_long(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("parent")
    open_page(page, PATH)
    name = f"Player {uuid4().hex[:6]}"
    choose(page, "For how long?", "30 days")
    make(page, name, "Record progress")
    (made,) = [token for token in tokens_of(viewer("parent").user_id) if token.name == name]
    assert made.scopes == ("read", "record")
    assert round((made.expires_at - made.created_at) / timedelta(days=1)) == 30
    assert "See progress, record progress. Works until" in words(page)


def test_only_administrators_are_offered_to_let_a_program_manage(signed_in: SignedIn) -> None:
    manage = "Change what only administrators may change"
    for username, offered in {"admin": 1, "teacher": 0}.items():
        page = signed_in(username)
        open_page(page, PATH)
        expect(page.get_by_role("checkbox", name=manage)).to_have_count(offered)


def test_refused_access_says_why_and_makes_none(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("newcomer")
    open_page(page, PATH)
    assert "No program has access" in words(page)
    page.get_by_label("Your password").fill("not mine")
    press(page, "Make access")
    expect(page.get_by_text("That is not your password.")).to_be_visible()
    page.get_by_label("Your password").fill(OTHERS_PASSWORD)
    press(page, "Make access")
    expect(page.get_by_text("Give the access a name of 1 to 100 characters")).to_be_visible()
    page.get_by_label("Which program is it for?").fill("Nothing")
    page.get_by_text("See progress", exact=True).click()
    press(page, "Make access")
    expect(page.get_by_text("Choose at least one thing that the program may do.")).to_be_visible()
    assert tokens_of(viewer("newcomer").user_id) == []


def test_nobody_sees_someone_elses_programs(signed_in: SignedIn, school: Record, viewer: Known) -> None:
    name = f"Secret {uuid4().hex[:6]}"
    end = datetime.now(UTC) + timedelta(days=1)
    with school.writing() as tx:
        create_token(tx, viewer("teacher").user_id, name, ["read"], end)
    page = signed_in("admin")
    open_page(page, PATH)
    assert name not in words(page)


def test_expired_access_stays_listed_and_says_so(signed_in: SignedIn, school: Record, viewer: Known) -> None:
    now = datetime.now(UTC)
    with school.writing() as tx:
        made = create_token(tx, viewer("both").user_id, "Old LMS", ["read"], now + timedelta(days=1))
        past = {"created_at": now - timedelta(days=2), "expires_at": now - timedelta(days=1)}
        tx.execute(update(AccessToken).where(AccessToken.id == made.id).values(past))
    page = signed_in("both")
    open_page(page, PATH)
    assert "Expired on" in words(page)


def test_someone_without_a_role_gets_neither_the_page_nor_the_link(signed_in: SignedIn) -> None:
    page = signed_in("norole")
    open_page(page, PATH)
    expect(page.get_by_role("link", name="Access for programs")).to_have_count(0)
    assert "Make access" not in words(page)


@pytest.mark.parametrize(("scheme", "width"), [("dark", DESKTOP), ("light", PHONE)])
def test_page_can_be_used_by_everyone_with_a_new_token_on_it(signed_in: SignedIn, scheme: str, width: int) -> None:
    page = signed_in("childless", scheme=scheme, width=width)
    open_page(page, PATH)
    make(page, f"A program with a rather long name {uuid4().hex}", password=OTHERS_PASSWORD)
    assert barriers(page) == []
    fits_its_width(page)
    page.get_by_role("button", name="Revoke A program").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    wait(page)
    assert barriers(page) == []
