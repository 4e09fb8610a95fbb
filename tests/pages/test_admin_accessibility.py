"""The administrator's pages can be used by everyone: in both themes, and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import SignedIn
from tests.pages.screen import barriers, faint_chart_texts, open_page, scrolls_sideways
from tests.pages.steps import press
from tests.pages.tabs import PHONE

PAGES = [
    "/course_completion",
    "/completion_rule",
    "/cohort_trend",
    "/people",
    "/person",
    "/person?person=63",
    "/school",
    "/import_data",
    "/video_statements",
    "/data_check",
    "/audit_trail",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_charts_can_be_read(path: str, scheme: str, signed_in: SignedIn) -> None:
    page = signed_in("admin", scheme=scheme)
    open_page(page, path)
    assert barriers(page) == []
    assert faint_chart_texts(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_question_before_a_change(scheme: str, signed_in: SignedIn) -> None:
    page = signed_in("admin", scheme=scheme)
    open_page(page, "/person?person=63")
    press(page, "Close the account…")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_phone(path: str, signed_in: SignedIn) -> None:
    page = signed_in("admin", width=PHONE)
    open_page(page, path)
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_as_of_when_its_figures_are(path: str, signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, path)
    page.get_by_text("As of ").first.wait_for()
