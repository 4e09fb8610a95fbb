"""Streamlit's own dialogs are never seen: lost connections and ended sessions are said in our words."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from progress.people.sign_in import SESSION_COOKIE, sign_in, sign_out
from tests.pages.conftest import SignedIn
from tests.pages.screen import barriers, open_page, settle
from tests.serving import environment, serving

LOST = "Waymark does not answer. Trying again."
LONGER_THAN_STREAMLIT_WAITS = 12_000  # milliseconds: its dialog comes at its sixth try


class Server:
    """The sample school served at one address, that can be stopped and started."""

    def __init__(self, var: Path) -> None:
        self._var = var
        self._running = ExitStack()
        self.address = self._running.enter_context(serving(f"sqlite:///{var / 'waymark.db'}", var))

    def stop(self) -> None:
        self._running.close()

    def start(self) -> None:
        port = int(self.address.rpartition(":")[2])
        self._running.enter_context(serving(f"sqlite:///{self._var / 'waymark.db'}", self._var, port=port))


@pytest.fixture
def server(school_var: Path, tmp_path: Path) -> Iterator[Server]:
    shutil.copytree(school_var, tmp_path / "school")
    started = Server(tmp_path / "school")
    yield started
    started.stop()


@pytest.fixture
def page(server: Server, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page of the student, at a server of its own."""
    var = tmp_path / "school"
    with environment(WAYMARK_VAR=str(var), DATABASE_URL=f"sqlite:///{var / 'waymark.db'}"):
        token = sign_in("student", "waymark", "192.0.2.1")
        context = browser.new_context(base_url=server.address)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": server.address}])
        opened = context.new_page()
        open_page(opened, "/my_courses")
        yield opened
        context.close()


def test_a_server_that_is_gone_is_said_in_our_words_until_it_is_back(server: Server, page: Page) -> None:
    server.stop()
    expect(page.get_by_role("status").filter(has_text=LOST)).to_be_visible()
    page.wait_for_timeout(LONGER_THAN_STREAMLIT_WAITS)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [each for each in barriers(page) if "waymark-notice" in each] == []
    server.start()
    expect(page.get_by_text(LOST)).to_have_count(0)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="My timeline").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My timeline")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_session_that_ended_while_the_server_was_gone_leads_to_sign_in_and_back_here(
    server: Server, page: Page
) -> None:
    server.stop()
    sign_out(_token(page))
    server.start()
    expect(page).to_have_url(re.compile(r"/auth/login\?ended&next=%2Fmy_courses$"))
    expect(page.get_by_text("Your session has ended.")).to_be_visible()


def test_going_back_after_signing_out_leads_to_sign_in(signed_in: SignedIn) -> None:
    page = signed_in("student")
    open_page(page, "/my_courses")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="My timeline").click()
    settle(page)
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/auth/login*")
    for _ in range(3):
        page.go_back()
        expect(page).to_have_url(re.compile("/auth/login"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_page_that_is_looked_at_again_after_its_session_ended_leads_to_sign_in(signed_in: SignedIn) -> None:
    page = signed_in("student")
    open_page(page, "/my_course?course=4")
    sign_out(_token(page))
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # as it comes from another tab or window
    expect(page).to_have_url(re.compile(r"/auth/login\?ended&next=%2Fmy_course%3Fcourse%3D4$"))


@pytest.mark.parametrize("path", ["/no_such_page", "/people", "/start", "/a/b/c", "/ä b", "/index.html"])
def test_an_unknown_address_is_covered_by_no_dialog(path: str, signed_in: SignedIn) -> None:
    page = signed_in("student")
    open_page(page, path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_title("Page not found – Waymark")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="My timeline").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My timeline")
    assert barriers(page) == []


def _token(page: Page) -> str:
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == SESSION_COOKIE)
