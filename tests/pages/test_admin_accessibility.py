"""The administrator's pages can be used by everyone: in both themes, and on a phone."""

from playwright.sync_api import Page, expect

from tests.pages.conftest import in_both_themes, in_one_theme
from tests.pages.screen import barriers, faint_chart_texts, fits_its_width
from tests.pages.steps import press
from tests.pages.tabs import on_a_phone

PATHS = [
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
PAGES = [("admin", path) for path in PATHS]


def closing_an_account(page: Page) -> None:
    press(page, "Close the account…")
    expect(page.get_by_role("dialog")).to_be_visible()


@in_both_themes(*PAGES)
def test_axe_finds_nothing_and_charts_can_be_read(loaded: Page) -> None:
    assert barriers(loaded) == []
    assert faint_chart_texts(loaded) == []


@in_both_themes(("admin", "/person?person=63", closing_an_account))
def test_axe_finds_nothing_in_a_question_before_a_change(loaded: Page) -> None:
    assert barriers(loaded) == []


@in_one_theme(*PAGES)
def test_nothing_scrolls_sideways_on_a_phone(loaded: Page) -> None:
    with on_a_phone(loaded):
        fits_its_width(loaded)


@in_one_theme(*PAGES)
def test_every_page_says_as_of_when_its_figures_are(loaded: Page) -> None:
    loaded.get_by_text("As of ").first.wait_for()
