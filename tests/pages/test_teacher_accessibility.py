"""The teacher's pages can be used by everyone: in both themes, and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import SignedIn
from tests.pages.screen import barriers, faint_chart_texts, open_page, scrolls_sideways
from tests.pages.steps import choose, press, wait
from tests.pages.tabs import PHONE

PAGES = ["/my_classes", "/class_progress", "/learner_progress", "/learner_progress?course=4", "/record_progress"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_charts_can_be_read(path: str, scheme: str, signed_in: SignedIn) -> None:
    page = signed_in("teacher", scheme=scheme)
    open_page(page, path)
    assert barriers(page) == []
    # The figure of a completed unit is white on a solid cell, not on the page.
    assert set(faint_chart_texts(page)) <= {"100"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("how", ["One learner", "Whole class"])
def test_axe_finds_nothing_while_recording(how: str, scheme: str, signed_in: SignedIn) -> None:
    page = signed_in("teacher", scheme=scheme)
    start_recording(page, how)
    assert barriers(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_refusal(scheme: str, signed_in: SignedIn) -> None:
    page = signed_in("teacher", scheme=scheme)
    start_recording(page, "One learner")
    choose(page, "Learner", "Elif Kaya")
    choose(page, "Status", "Not started (reset)")
    press(page, "Save")
    expect(page.get_by_text("needs a reason")).to_be_visible()
    assert barriers(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_phone(path: str, signed_in: SignedIn) -> None:
    page = signed_in("teacher", width=PHONE)
    open_page(page, path)
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("how", ["One learner", "Whole class"])
def test_nothing_scrolls_sideways_while_recording_on_a_phone(how: str, signed_in: SignedIn) -> None:
    page = signed_in("teacher", width=PHONE)
    start_recording(page, how)
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_as_of_when_its_figures_are(path: str, signed_in: SignedIn) -> None:
    page = signed_in("teacher")
    open_page(page, path)
    page.get_by_text("As of ").first.wait_for()


def start_recording(page: Page, how: str) -> None:
    open_page(page, "/record_progress")
    choose(page, "Module", "How we see")
    page.get_by_text(how, exact=True).click()
    wait(page)
