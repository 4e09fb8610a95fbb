"""The page on which a teacher of the sample records progress: its form, its grid, and what is stored of it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl
from playwright.sync_api import Locator, Page

from data.viewer import Viewer
from queries.course_progress import course_progress
from queries.module_progress import module_progress
from tests.pages.screen import open_page
from tests.pages.steps import choose, wait

Row = dict[str, object]
TODAY = datetime.now(UTC).astimezone(ZoneInfo("Europe/London")).date()  # as the sample school counts its days


def said(day: date) -> str:
    """ "20 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def open_form(page: Page, module: Row) -> Page:
    """The teacher's form for this module of 8A."""
    open_page(page, "/record_progress")
    choose(page, "Module", str(module["module_title"]))
    return page


def open_grid(page: Page, module: Row) -> Locator:
    """The grid of 8A for this module."""
    open_form(page, module)
    page.get_by_text("Whole class").click()
    wait(page)
    return page.get_by_test_id("stDataFrame").first


def type_date(page: Page, **parts: str) -> None:
    """Type into the parts of the date field, or empty them, and close the calendar that opens by itself."""
    for part, text in parts.items():
        field = page.locator(f"[data-testid=stDateInput] [data-type={part}]")
        field.focus()
        for key in text or ["Backspace"] * len(field.inner_text()):
            page.keyboard.press(key)
            page.wait_for_timeout(30)
    page.keyboard.press("Escape")


def shown_date(page: Page) -> str:
    """What stands in the date field: "28/11/2026"."""
    parts = page.locator("[data-testid=stDateInput] [data-type]").all_inner_texts()
    return "".join(parts)


def of_class(teacher: Viewer, module: Row) -> pl.DataFrame:
    """Where the learners of 8A stand in the module: the first of the teacher's classes, in which the page starts."""
    return module_progress(teacher, class_id=min(teacher.class_ids), module_id=module["module_id"])


def state_of(viewer: Viewer, learner_id: int, module: Row) -> Row:
    """Where one learner stands in the module."""
    return module_progress(viewer, learner_id=learner_id, module_id=module["module_id"]).row(0, named=True)


def untouched(teacher: Viewer, module: Row) -> list[Row]:
    """The learners of 8A who have neither begun the module nor dropped the course: rows of `module_progress`."""
    enrolled = course_progress(teacher, class_id=min(teacher.class_ids)).remove(enrolment_status="dropped")
    rows = of_class(teacher, module).filter(status="not_started")
    return rows.join(enrolled, on="learner_id", how="semi").rows(named=True)
