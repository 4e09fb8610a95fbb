"""The teacher's pages can be used by everyone: in both themes, and on a phone."""

from playwright.sync_api import Page, expect

from tests.pages.conftest import in_both_themes, in_one_theme
from tests.pages.screen import barriers, faint_chart_texts, fits_its_width
from tests.pages.steps import choose, press, wait
from tests.pages.tabs import on_a_phone

PATHS = ["/my_classes", "/class_progress", "/learner_progress", "/learner_progress?course=4", "/record_progress"]
PAGES = [("teacher", path) for path in PATHS]


def for_one_learner(page: Page) -> None:
    choose(page, "Module", "How we see")
    page.get_by_text("One learner", exact=True).click()
    wait(page)


def for_the_whole_class(page: Page) -> None:
    choose(page, "Module", "How we see")
    page.get_by_text("Whole class", exact=True).click()
    wait(page)


def without_a_reason(page: Page) -> None:
    choose(page, "Learner", "Elif Kaya")
    choose(page, "Status", "Not started (reset)")
    press(page, "Save")
    expect(page.get_by_text("needs a reason")).to_be_visible()


RECORDING = [("teacher", "/record_progress", how) for how in (for_one_learner, for_the_whole_class)]


@in_both_themes(*PAGES)
def test_axe_finds_nothing_and_charts_can_be_read(loaded: Page) -> None:
    assert barriers(loaded) == []
    # The figure of a completed unit is white on a solid cell, not on the page.
    assert set(faint_chart_texts(loaded)) <= {"100"}


@in_both_themes(*RECORDING)
def test_axe_finds_nothing_while_recording(loaded: Page) -> None:
    assert barriers(loaded) == []


@in_both_themes(("teacher", "/record_progress", for_one_learner, without_a_reason))
def test_axe_finds_nothing_in_a_refusal(loaded: Page) -> None:
    assert barriers(loaded) == []


@in_one_theme(*PAGES)
def test_nothing_scrolls_sideways_on_a_phone(loaded: Page) -> None:
    with on_a_phone(loaded):
        fits_its_width(loaded)


@in_one_theme(*RECORDING)
def test_nothing_scrolls_sideways_while_recording_on_a_phone(loaded: Page) -> None:
    with on_a_phone(loaded):
        fits_its_width(loaded)


@in_one_theme(*PAGES)
def test_every_page_says_as_of_when_its_figures_are(loaded: Page) -> None:
    loaded.get_by_text("As of ").first.wait_for()
