"""The student's and the parent's pages can be used by everyone: in both themes, and on a phone."""

from playwright.sync_api import Page

from tests.pages.conftest import in_both_themes, in_one_theme
from tests.pages.screen import barriers, faint_chart_texts, fits_its_width
from tests.pages.tabs import on_a_phone

PAGES = [
    ("student", "/my_courses"),
    ("student", "/my_course"),
    ("student", "/my_timeline"),
    ("parent", "/my_children"),
    ("parent", "/child_progress"),
    ("parent", "/child_timeline"),
]


@in_both_themes(*PAGES)
def test_axe_finds_nothing_and_charts_can_be_read(loaded: Page) -> None:
    assert barriers(loaded) == []
    assert faint_chart_texts(loaded) == []


@in_one_theme(*PAGES)
def test_nothing_scrolls_sideways_on_a_phone(loaded: Page) -> None:
    with on_a_phone(loaded):
        fits_its_width(loaded)


@in_one_theme(*PAGES)
def test_every_page_says_as_of_when_its_figures_are(loaded: Page) -> None:
    loaded.get_by_text("As of ").first.wait_for()
