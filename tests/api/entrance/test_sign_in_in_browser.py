"""Signing in and out in a real browser: with the keyboard alone, for everyone, and with a session that ends."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from progress.people.sign_in import SESSION_COOKIE, sign_out
from tests.api.school import PASSWORD
from tests.pages.screen import barriers


@pytest.fixture
def page(browser: Browser, running_app: str) -> Iterator[Page]:
    context = browser.new_context(base_url=running_app)
    yield context.new_page()
    context.close()


def sign_in_by_keyboard(page: Page, username: str, password: str = PASSWORD) -> None:
    """The username has the focus; Tab leads to the password, Enter sends the form."""
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def token_in(page: Page) -> str:
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == SESSION_COOKIE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_sign_in_page_has_no_barriers_with_or_without_an_error(page: Page, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/auth/login?ended")
    assert barriers(page) == []
    assert not scrolls_sideways(page)
    sign_in_by_keyboard(page, f"{scheme}-{width}", "wrong")
    page.get_by_role("alert").wait_for()
    assert barriers(page) == []
    assert not scrolls_sideways(page)


def test_error_gets_the_focus_and_keeps_the_username(page: Page) -> None:
    page.goto("/auth/login")
    sign_in_by_keyboard(page, "newcomer", "wrong")
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert page.get_by_label("Username").input_value() == "newcomer"
    assert page.get_by_label("Password").input_value() == ""
    assert page.title() == "Error: Sign in – Waymark"


def test_deep_link_leads_through_signing_in_to_its_page(page: Page) -> None:
    page.goto("/my_timeline")
    sign_in_by_keyboard(page, "ada")
    page.get_by_role("heading", name="My timeline").wait_for()
    assert page.url.endswith("/my_timeline")


def test_session_that_ends_elsewhere_leads_to_sign_in_at_the_next_click(page: Page) -> None:
    page.goto("/my_courses")
    sign_in_by_keyboard(page, "ada")
    page.get_by_role("heading", name="My courses").wait_for()
    sign_out(token_in(page))
    page.get_by_role("link", name="My timeline").click()
    page.get_by_role("status").wait_for()
    assert "Your session has ended." in page.content()
    assert page.url.endswith("/auth/login?ended")


def test_other_tabs_of_the_browser_lead_to_sign_in_soon_after_a_sign_out(page: Page) -> None:
    page.goto("/my_courses")
    sign_in_by_keyboard(page, "ada")
    page.get_by_role("heading", name="My courses").wait_for()
    left_open = page.context.new_page()
    left_open.goto("/my_timeline")
    left_open.get_by_role("heading", name="My timeline").wait_for()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    left_open.get_by_label("Username").wait_for(timeout=5_000)
    assert left_open.url.endswith("/auth/login?ended")


def test_page_that_is_left_open_leads_to_sign_in_soon_after_its_session_ended_elsewhere(page: Page) -> None:
    page.goto("/my_courses")
    sign_in_by_keyboard(page, "ada")
    page.get_by_role("heading", name="My courses").wait_for()
    sign_out(token_in(page))
    page.get_by_label("Username").wait_for(timeout=30_000)


def test_wait_is_counted_down_in_words(page: Page) -> None:
    page.goto("/auth/login")
    for _ in range(6):
        page.get_by_label("Username").fill("guessed-at")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("alert").wait_for()
        if "Try again in" in page.get_by_role("alert").inner_text():
            break
    assert barriers(page) == []
    page.get_by_text("You can try again now.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/auth/password", "/auth/password?changed", "/auth/attempts"])
def test_pages_about_passwords_have_no_barriers(
    page: Page, path: str, width: int, scheme: str, running_app: str, token_of: Callable[[str], str]
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": token_of("zoe"), "url": running_app}])
    page.goto(path)
    page.get_by_role("heading", level=1).wait_for()
    assert barriers(page) == []
    assert not scrolls_sideways(page)


def test_signing_out_leads_to_sign_in_and_back_shows_nothing(page: Page) -> None:
    page.goto("/my_courses")
    sign_in_by_keyboard(page, "ben")
    page.get_by_role("link", name="Sign out").click()
    assert barriers(page) == []
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Username").wait_for()
    page.goto("/my_courses")
    assert page.url.endswith("/auth/login?next=/my_courses")
