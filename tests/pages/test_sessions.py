"""Everyone sees where they are signed in, and ends it: reached from the foot of the menu, usable by everyone."""

import pytest
from playwright.sync_api import expect

from progress.people.browsers import Browser
from progress.people.sign_in import sign_in, signed_in_user
from tests.pages.conftest import SignedIn
from tests.pages.screen import barriers, fits_its_width, open_page, words
from tests.pages.tabs import DESKTOP, PHONE

PHONES_BROWSER = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def test_other_browser_is_listed_and_ended(signed_in: SignedIn) -> None:
    page = signed_in("parent")
    elsewhere = sign_in("parent", "waymark", "198.51.100.7", Browser(user_agent=PHONES_BROWSER))
    open_page(page, "/my_children")
    page.get_by_role("link", name="Where you are signed in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where you are signed in")
    expect(page.get_by_text("from the network 198.51.100.7")).to_be_visible()
    page.get_by_role("button", name="End Firefox Mobile on Android").click()
    expect(page.get_by_text("Firefox Mobile on Android is signed out.")).to_be_visible()
    assert signed_in_user(elsewhere) is None
    assert "· this browser" in words(page)


def test_nobody_elses_browser_is_listed(signed_in: SignedIn) -> None:
    sign_in("teacher", "waymark", "203.0.113.77", Browser(user_agent=PHONES_BROWSER))
    page = signed_in("admin")
    open_page(page, "/sessions")
    assert "203.0.113.77" not in words(page)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_no_barriers(signed_in: SignedIn, scheme: str, width: int) -> None:
    page = signed_in("student", scheme=scheme, width=width)
    open_page(page, "/sessions")
    assert barriers(page) == []
    fits_its_width(page)
