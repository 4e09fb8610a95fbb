"""An administrator uploads a file, sees what it would change and what is refused, puts it right, and applies it."""

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from data.record import Record
from data.viewer import Viewer
from progress.importers.spreadsheet.importing import import_spreadsheet
from progress.sample.school import load_sample
from queries.course_progress import course_progress
from queries.module_progress import module_progress
from queries.people import people
from tests.pages.conftest import SignedIn, let_sign_in_quickly
from tests.pages.rosters import small_roster
from tests.pages.screen import barriers, fits_its_width, open_page, words
from tests.pages.steps import choose, press, wait
from tests.pages.tabs import PHONE, Tabs
from tests.serving import serving

Known = Callable[[str], Viewer]
HEADER = ["Learner", "Course", "Module", "Status", "Score", "Date", "Note"]


@pytest.fixture(scope="module")
def school_var(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample school of this file's own, because a roster changes who is in it."""
    var = tmp_path_factory.mktemp("importing")
    shutil.copyfile(migrated_sqlite_file, var / "waymark.db")
    record = Record(f"sqlite:///{var / 'waymark.db'}")
    load_sample(record)
    let_sign_in_quickly(record)
    record.close()
    return var


@pytest.fixture(scope="module")
def served(school_var: Path) -> Iterator[str]:
    with serving(f"sqlite:///{school_var / 'waymark.db'}", school_var) as address:
        yield address


@pytest.fixture(scope="module")
def tabs(served: str, browser: Browser) -> Iterator[Tabs]:
    with Tabs(browser, served) as opened:
        yield opened


@pytest.fixture
def unit(viewer: Known) -> pl.DataFrame:
    """The modules that are still to do in a unit of the sample's student: with them the course's percentage rises."""
    student = viewer("student")
    own = module_progress(student, learner_id=student.user_id)
    open_ones = own.filter(pl.col("counts") & (pl.col("availability") == "open") & (pl.col("status") != "completed"))
    last = open_ones.row(-1, named=True)
    return open_ones.filter(unit_id=last["unit_id"])


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode()


def choose_file(page: Page, name: str, content: bytes) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    wait(page)
    expect(page.get_by_role("button", name="Check the file")).to_be_visible()


def test_a_spreadsheet_is_checked_put_right_and_applied(signed_in: SignedIn, viewer: Known, unit: pl.DataFrame) -> None:
    student = viewer("student")
    lines = [
        ["student", row["course_external_id"], row["module_title"], "Completed", "", "", ""]
        for row in unit.rows(named=True)
    ]
    before = percentage(student, unit)
    page = signed_in("admin")
    open_page(page, "/import_data")
    assert "No file yet" in words(page)
    choose_file(page, "marks.csv", as_csv([*lines, ["=nobody", *lines[0][1:]]]))
    press(page, "Check the file")
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="Refused")).to_contain_text("1")
    expect(page.get_by_role("button", name="Apply")).to_be_disabled()
    report = downloaded(page)
    assert [(line["line"], line["outcome"]) for line in report][-1] == (str(len(lines) + 2), "refused")
    assert report[-1]["subject"].startswith("'=nobody")
    assert "no such learner" in report[-1]["reason"]
    assert barriers(page) == []
    assert percentage(student, unit) == before

    page.get_by_role("button", name="Remove marks.csv").click()
    wait(page)
    choose_file(page, "marks.csv", as_csv(lines))
    press(page, "Check the file")
    apply = page.get_by_role("button", name="Apply")
    expect(apply).to_be_enabled()
    apply.evaluate("button => { button.click(); button.click(); }")
    expect(page.get_by_text("marks.csv is imported")).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="New")).to_contain_text(str(len(lines)))
    assert percentage(student, unit) > before
    own = signed_in("student")
    open_page(own, "/my_courses")
    assert f"{percentage(student, unit)}%" in words(own)


def percentage(student: Viewer, unit: pl.DataFrame) -> int:
    shown = course_progress(student, learner_id=student.user_id, course_id=unit["course_id"][0])["shown_percentage"]
    return int(shown[0])


def downloaded(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the report of every line").click()
    assert download.value.suggested_filename == "marks report.csv"
    return list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))


def test_a_roster_is_checked_and_applied_and_then_changes_nothing(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/import_data")
    page.get_by_text("School roster", exact=True).click()
    wait(page)
    choose_file(page, "hill.zip", small_roster())
    press(page, "Check the file")
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    assert barriers(page) == []
    assert people(viewer("admin"), search="Fern Green").is_empty()
    press(page, "Apply")
    expect(page.get_by_text("hill.zip is imported")).to_be_visible()
    assert people(viewer("admin"), search="Fern Green")["username"].to_list() == ["fern.green"]
    press(page, "Import another file")
    choose_file(page, "hill.zip", small_roster())
    press(page, "Check the file")
    expect(page.get_by_text("Nothing would change.")).to_be_visible()
    expect(page.get_by_role("button", name="Apply")).to_have_count(0)


def test_refused_lines_can_be_left_out_and_the_record_of_that_moment_decides(
    signed_in: SignedIn, school: Record, viewer: Known, unit: pl.DataFrame
) -> None:
    row = unit.row(0, named=True)
    good = ["student", row["course_external_id"], row["module_title"], "", "55", "", "Left out"]
    content = as_csv([good, ["student", row["course_external_id"], "No such module", "Completed", "", "", ""]])
    page = signed_in("admin")
    open_page(page, "/import_data")
    choose_file(page, "marks.csv", content)
    press(page, "Check the file")
    page.get_by_text("Leave the refused lines out").click()
    wait(page)
    import_spreadsheet(school, content, viewer=viewer("admin"), skip_refused=True)
    press(page, "Apply")
    expect(page.get_by_text("Everything in marks.csv was in the record already.")).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="Unchanged")).to_contain_text("1")


def test_what_is_no_spreadsheet_is_told_in_words(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, "/import_data")
    choose_file(page, "marks.xlsx", b"PK\x03\x04 no more")
    press(page, "Check the file")
    expect(page.get_by_text("marks.xlsx is no whole Excel workbook.")).to_be_visible()
    expect(page.get_by_role("button", name="Apply")).to_have_count(0)


def test_the_page_forgets_a_file_when_it_is_left(signed_in: SignedIn) -> None:
    page = signed_in("admin", scheme="dark")
    open_page(page, "/import_data")
    choose_file(page, "marks.csv", as_csv([["nobody", "A", "B", "Completed", "", "", ""]]))
    press(page, "Check the file")
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    assert barriers(page) == []
    for there in ("People", "Import"):
        page.get_by_test_id("stSidebarNavLink").filter(has_text=there).click()
        expect(page.get_by_role("heading", level=1, name=there)).to_be_visible()
        wait(page)
    assert "No file yet" in words(page)
    expect(page.get_by_role("heading", name="What would change")).to_have_count(0)


def test_templates_are_downloaded_and_can_be_imported(signed_in: SignedIn, school: Record, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/import_data")
    choose(page, "Template with the learners and modules of", "Science")
    for button in ("Excel template", "CSV template"):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        content = download.value.path().read_bytes()
        report = import_spreadsheet(school, content, viewer=viewer("admin"))
        assert report.lines["outcome"].to_list() == ["ignored"]
        if button == "Excel template":
            offered = fastexcel.read_excel(content).load_sheet("To copy from").to_polars()
            assert "Amara Okafor" in offered["Name"]
            assert offered["Course"].drop_nulls().to_list() == ["SCI-8"]


def test_for_teachers_the_page_does_not_exist(signed_in: SignedIn) -> None:
    page = signed_in("teacher")
    open_page(page, "/import_data")
    assert "Page not found" in words(page)


def test_nothing_fits_its_width_on_a_phone_after_checking(signed_in: SignedIn) -> None:
    page = signed_in("admin", width=PHONE)
    open_page(page, "/import_data")
    choose_file(page, "marks.csv", as_csv([["nobody", "A", "B", "Completed", "", "", ""]]))
    press(page, "Check the file")
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    fits_its_width(page)
    assert barriers(page) == []
