"""The grid loses no mark that was typed into it, and takes none for who dropped the course."""

from datetime import UTC, datetime
from uuid import uuid4

import polars as pl
import pytest
from playwright.sync_api import expect

from data.record import Record
from data.viewer import Viewer
from progress.courses.classes import teach_class
from progress.courses.enrolment import drop, enrol
from progress.people.accounts import add_user
from queries.course_progress import course_progress
from queries.module_progress import module_progress
from tests.pages.conftest import Known, SignedIn, let_sign_in_quickly
from tests.pages.recording import open_form, open_grid, state_of, untouched
from tests.pages.screen import barriers, open_page
from tests.pages.steps import cell, choose, press, row_of, type_into

Row = dict[str, object]


@pytest.fixture
def dropped(viewer: Known) -> Row:
    """Who of 8A has dropped its course: a row of `course_progress`."""
    teacher = viewer("teacher")
    rows = course_progress(teacher, class_id=min(teacher.class_ids)).filter(enrolment_status="dropped")
    return rows.row(0, named=True)


def test_marks_wait_while_another_module_is_open_and_can_then_be_saved(
    signed_in: SignedIn, viewer: Known, module: Row
) -> None:
    teacher = viewer("teacher")
    first, second = untouched(teacher, module)[11:13]
    grid = open_grid(signed_in("teacher"), module)
    page = grid.page
    for learner, score in ((first, "66"), (second, "77")):
        type_into(grid, row_of(grid, learner["learner_name"]), 3, score)
    expect(page.get_by_text("Not saved yet: 2 learners.")).to_be_visible()
    choose(page, "Module", _another(teacher, module))
    expect(page.get_by_text(f"{module['module_title']} · 2 learners")).to_be_visible()
    assert barriers(page) == []
    page.get_by_test_id("stSidebarNavLink").filter(has_text="My classes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My classes")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Record progress").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Record progress")
    press(page, "Go on with them")
    expect(cell(grid, row_of(grid, first["learner_name"]), 3)).to_have_text("66")
    press(page, "Save")
    expect(page.get_by_text("Saved for 2 learners")).to_be_visible()
    stored = {each["learner_id"]: state_of(teacher, each["learner_id"], module)["score"] for each in (first, second)}
    assert stored == {first["learner_id"]: 66, second["learner_id"]: 77}
    expect(page.get_by_text("not saved yet")).to_have_count(0)


def test_the_browser_asks_before_it_leaves_marks_behind(signed_in: SignedIn, viewer: Known, module: Row) -> None:
    learner = untouched(viewer("teacher"), module)[17]
    grid = open_grid(signed_in("teacher"), module)
    page, asked = grid.page, []
    page.once("dialog", lambda dialog: asked.append(dialog.type))
    page.reload()
    assert asked == []
    page.get_by_text("Which module?").wait_for()
    choose(page, "Module", str(module["module_title"]))
    page.get_by_text("Whole class").click()
    type_into(grid, row_of(grid, learner["learner_name"]), 3, "44")
    expect(page.get_by_text("Not saved yet: 1 learner.")).to_be_visible()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="My classes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My classes")
    page.reload()
    assert asked == ["beforeunload"]


def test_marks_outlast_a_lost_connection(signed_in: SignedIn, viewer: Known, module: Row) -> None:
    learner = untouched(viewer("teacher"), module)[18]
    grid = open_grid(signed_in("teacher"), module)
    type_into(grid, row_of(grid, learner["learner_name"]), 3, "39")
    expect(grid.page.get_by_text("Not saved yet: 1 learner.")).to_be_visible()
    grid.page.reload()  # as after a lost connection, Streamlit begins anew
    press(grid.page, "Go on with them")
    expect(cell(grid, row_of(grid, learner["learner_name"]), 3)).to_have_text("39")
    press(grid.page, "Save")
    expect(grid.page.get_by_text(f"Saved for {learner['learner_name']}")).to_be_visible()
    grid.page.reload()
    expect(grid.page.get_by_text("Which module?")).to_be_visible()
    expect(grid.page.get_by_text("not saved yet")).to_have_count(0)


def test_marks_that_are_discarded_are_gone(signed_in: SignedIn, viewer: Known, module: Row) -> None:
    learner = untouched(viewer("teacher"), module)[13]
    grid = open_grid(signed_in("teacher"), module)
    place = row_of(grid, learner["learner_name"])
    type_into(grid, place, 3, "12")
    press(grid.page, "Discard")
    expect(cell(grid, place, 3)).to_be_empty()
    press(grid.page, "Save")
    expect(grid.page.get_by_text("Nothing to save yet")).to_be_visible()
    assert state_of(viewer("teacher"), learner["learner_id"], module)["score"] is None


def test_a_mark_is_the_learners_in_whose_line_it_was_typed_when_the_class_changes_meanwhile(
    signed_in: SignedIn, viewer: Known, school: Record, module: Row
) -> None:
    teacher = viewer("teacher")
    leaving, marked = untouched(teacher, module)[14:16]
    grid = open_grid(signed_in("teacher"), module)
    type_into(grid, row_of(grid, marked["learner_name"]), 3, "88")
    with school.writing() as tx:
        drop(tx, leaving["learner_id"], module["course_id"], datetime.now(UTC))
    try:
        press(grid.page, "Save")
        expect(grid.page.get_by_text(f"Saved for {marked['learner_name']}")).to_be_visible()
    finally:
        _take_back(school, leaving, module)
    assert state_of(teacher, marked["learner_id"], module)["score"] == 88


def test_who_dropped_the_course_is_named_as_dropped_and_takes_no_mark(
    signed_in: SignedIn, dropped: Row, module: Row
) -> None:
    page = open_form(signed_in("teacher"), module)
    page.get_by_role("combobox", name="Learner").click()
    assert dropped["learner_name"] not in page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    expect(page.get_by_text(f"{dropped['learner_name']} · dropped on")).to_be_visible()
    expect(page.get_by_role("button", name=f"Take {dropped['learner_name']} back…")).to_have_count(0)
    assert barriers(page) == []
    page.get_by_text("Whole class").click()
    grid = page.get_by_test_id("stDataFrame").first
    expect(cell(grid, 0, 0)).to_be_attached()
    assert dropped["learner_name"] not in grid.locator("td[aria-colindex='1']").all_inner_texts()


def test_a_mark_for_someone_who_drops_the_course_meanwhile_is_refused_by_name(
    signed_in: SignedIn, viewer: Known, school: Record, module: Row
) -> None:
    learner = untouched(viewer("teacher"), module)[16]
    grid = open_grid(signed_in("teacher"), module)
    type_into(grid, row_of(grid, learner["learner_name"]), 3, "55")
    with school.writing() as tx:
        drop(tx, learner["learner_id"], module["course_id"], datetime.now(UTC))
    try:
        press(grid.page, "Save")
        expect(grid.page.get_by_test_id("stAlertContentError")).to_contain_text("Dropped from the course")
        assert state_of(viewer("teacher"), learner["learner_id"], module)["score"] is None
    finally:
        _take_back(school, learner, module)


def test_an_administrator_who_teaches_the_class_takes_someone_back(
    signed_in: SignedIn, viewer: Known, school: Record, dropped: Row, module: Row
) -> None:
    page = open_form(signed_in(_teaching_administrator(school, min(viewer("teacher").class_ids))), module)
    press(page, f"Take {dropped['learner_name']} back…")
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(page.get_by_text(f"{dropped['learner_name']} is in {dropped['course_title']} again.")).to_be_visible()
    choose(page, "Learner", dropped["learner_name"])
    with school.writing() as tx:
        drop(tx, dropped["learner_id"], dropped["course_id"], dropped["dropped_at"].replace(tzinfo=UTC))


def test_an_administrator_takes_someone_back_on_their_page(
    signed_in: SignedIn, viewer: Known, school: Record, dropped: Row
) -> None:
    page = signed_in("admin")
    open_page(page, f"/person?person={dropped['learner_id']}")
    press(page, f"Take back into {dropped['course_title']}…")
    assert barriers(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Take back", exact=True).click()
    expect(page.get_by_text(f"{dropped['learner_name']} is in {dropped['course_title']} again.")).to_be_visible()
    own = course_progress(viewer("admin"), learner_id=dropped["learner_id"], course_id=dropped["course_id"])
    assert own["enrolment_status"].to_list() == ["active"]
    with school.writing() as tx:
        drop(tx, dropped["learner_id"], dropped["course_id"], dropped["dropped_at"].replace(tzinfo=UTC))


def _teaching_administrator(school: Record, class_id: int) -> str:
    username = f"head{uuid4().hex[:8]}"
    with school.writing() as tx:
        teach_class(tx, class_id, add_user(tx, "Hedda Head", username=username, roles=["teacher", "administrator"]))
    let_sign_in_quickly(school)
    return username


def _take_back(school: Record, learner: Row, module: Row) -> None:
    with school.writing() as tx:
        enrol(tx, [learner["learner_id"]], module["course_id"], datetime.now(UTC))


def _another(teacher: Viewer, module: Row) -> str:
    rows = module_progress(teacher, class_id=min(teacher.class_ids), unit_id=module["unit_id"])
    return str(rows.filter(pl.col("module_id") != module["module_id"])["module_title"][0])
