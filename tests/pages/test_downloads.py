"""Teachers and administrators download what stands behind their pages."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from playwright.sync_api import Page, expect

from data.viewer import Viewer
from queries.course_progress import course_progress, course_summary
from tests.pages.conftest import SignedIn
from tests.pages.screen import barriers, fits_its_width, open_page
from tests.pages.steps import wait
from tests.pages.tabs import PHONE

Known = Callable[[str], Viewer]


def open_downloads(page: Page, path: str) -> None:
    open_page(page, path)
    page.get_by_text("Download", exact=True).click()
    expect(page.get_by_role("radio", name="Parquet")).to_be_attached()
    wait(page)


def address_of(page: Page, name: str) -> str:
    return page.get_by_role("link", name=name, exact=True).get_attribute("href") or ""


def test_the_class_comes_as_a_file_with_the_learners_of_the_page(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    class_id = viewer("teacher").class_ids[0]
    open_downloads(page, f"/class_progress?class={class_id}")
    page.get_by_text("CSV", exact=True).click()
    wait(page)
    answer = page.request.get(address_of(page, "Learners"))
    rows = list(csv.DictReader(StringIO(answer.body().decode("utf-8-sig"))))
    expected = course_progress(viewer("teacher"), class_id=class_id).select("learner_name", "shown_percentage").rows()
    assert [(row["learner_name"], int(row["shown_percentage"])) for row in rows] == expected
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Units", exact=True).click()
    assert downloaded.value.suggested_filename.startswith("waymark-unit_progress-")


def test_an_administrator_downloads_all_courses_as_a_workbook(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_downloads(page, "/course_completion")
    answer = page.request.get(address_of(page, "Courses"))
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert answer.body().startswith(b"PK")
    assert course_summary(viewer("admin")).height == 4


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", PHONE)])
def test_downloads_can_be_used_by_everyone(signed_in: SignedIn, scheme: str, width: int) -> None:
    page = signed_in("admin", scheme=scheme, width=width)
    open_downloads(page, "/course_completion")
    assert barriers(page) == []
    fits_its_width(page)


def test_tables_offer_no_csv_that_our_guard_against_formulas_has_not_seen(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, "/course_completion")
    page.get_by_test_id("stDataFrame").first.hover()
    offered = page.get_by_test_id("stElementToolbar").first
    expect(offered.get_by_role("button", name="Search")).to_be_visible()
    expect(offered.get_by_role("button", name="Download as CSV")).to_be_hidden()
