"""The student's and the parent's pages can be used by everyone: in both themes, and on a phone."""

import pytest

from tests.pages.conftest import SignedIn
from tests.pages.screen import barriers, faint_chart_texts, open_page, scrolls_sideways
from tests.pages.tabs import PHONE

PAGES = [
    ("student", "/my_courses"),
    ("student", "/my_course"),
    ("student", "/my_timeline"),
    ("parent", "/my_children"),
    ("parent", "/child_progress"),
    ("parent", "/child_timeline"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("username", "path"), PAGES)
def test_axe_finds_nothing_and_charts_can_be_read(username: str, path: str, scheme: str, signed_in: SignedIn) -> None:
    page = signed_in(username, scheme=scheme)
    open_page(page, path)
    assert barriers(page) == []
    assert faint_chart_texts(page) == []


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_nothing_scrolls_sideways_on_a_phone(username: str, path: str, signed_in: SignedIn) -> None:
    page = signed_in(username, width=PHONE)
    open_page(page, path)
    assert not scrolls_sideways(page)


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_every_page_says_as_of_when_its_figures_are(username: str, path: str, signed_in: SignedIn) -> None:
    page = signed_in(username)
    open_page(page, path)
    page.get_by_text("As of ").first.wait_for()
