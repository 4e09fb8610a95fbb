"""A teacher records progress, in the form and in the grid; the student and the parent see it in their own browsers."""

from datetime import UTC, datetime, timedelta

import polars as pl
from playwright.sync_api import expect

from data.viewer import Viewer
from queries.course_progress import course_progress
from queries.unit_progress import unit_progress
from tests.pages.conftest import Known, SignedIn
from tests.pages.recording import TODAY, of_class, open_form, open_grid, said, state_of, untouched
from tests.pages.screen import barriers, open_page, words
from tests.pages.steps import cell, choose, press, row_of, type_into, wait


def test_what_the_form_saves_shows_at_once_and_to_the_student_and_to_the_parent(
    signed_in: SignedIn, amara: Viewer, module: dict[str, object]
) -> None:
    page = open_form(signed_in("teacher"), module)
    choose(page, "Learner", amara.full_name)
    page.get_by_label("Score (0–100)").fill("83")
    page.get_by_label("Note").fill("Marked in class")
    press(page, "Save")
    expect(page.get_by_text(f"Saved for {amara.full_name}, {said(TODAY)}.")).to_be_visible()
    assert barriers(page) == []
    unit, course = _standing(amara, module)
    row = page.get_by_role("row", name=amara.full_name)
    assert row.get_by_role("cell").all_inner_texts()[1:] == [
        "Completed, 83%",
        f"{unit['shown_percentage']}% ({unit['completed_modules_count']} of {unit['total_modules']} modules)",
        f"{course['shown_percentage']}% ({course['completed_units_count']} of {course['total_units']} units)",
    ]
    for username, path in (("student", "/my_course?"), ("parent", f"/child_progress?learner={amara.user_id}&")):
        other = signed_in(username)
        open_page(other, f"{path}course={course['course_id']}")
        counts = f"{unit['completed_modules_count']} of {unit['total_modules']} modules"
        assert f"{unit['unit_title']} {unit['shown_percentage']}% · {counts}" in words(other)


def test_what_was_typed_stays_when_the_form_is_refused(
    signed_in: SignedIn, amara: Viewer, module: dict[str, object]
) -> None:
    page = open_form(signed_in("teacher"), module)
    choose(page, "Learner", amara.full_name)
    choose(page, "Status", "Not started (reset)")
    press(page, "Save")
    expect(page.get_by_text("Setting a module back to not started needs a reason.")).to_be_visible()
    assert page.get_by_role("combobox", name="Learner").input_value() == amara.full_name
    assert page.get_by_role("combobox", name="Status").input_value() == "Not started (reset)"
    page.get_by_label("Note").fill("Handed in by mistake")
    press(page, "Save")
    recorded = f"Recorded for {amara.full_name}, {said(TODAY)}. It was not started already."
    expect(page.get_by_text(recorded)).to_be_visible()
    expect(page.get_by_text("Setting a module back")).to_have_count(0)


def test_a_reset_with_a_reason_takes_a_completion_back(
    signed_in: SignedIn, amara: Viewer, module: dict[str, object]
) -> None:
    before, _ = _standing(amara, module)
    page = open_form(signed_in("teacher"), module)
    choose(page, "Learner", amara.full_name)
    press(page, "Save")
    assert _standing(amara, module)[0]["completed_modules_count"] == before["completed_modules_count"] + 1
    choose(page, "Learner", amara.full_name)
    choose(page, "Status", "Not started (reset)")
    page.get_by_label("Note").fill("Someone else’s work")
    press(page, "Save")
    expect(page.get_by_role("row", name=amara.full_name)).to_contain_text("Not started")
    assert _standing(amara, module)[0]["completed_modules_count"] == before["completed_modules_count"]


def test_the_form_needs_a_learner(signed_in: SignedIn, module: dict[str, object]) -> None:
    page = open_form(signed_in("teacher"), module)
    press(page, "Save")
    expect(page.get_by_text("Choose a learner.")).to_be_visible()


def test_pressing_save_twice_saves_once(
    signed_in: SignedIn, viewer: Known, amara: Viewer, module: dict[str, object]
) -> None:
    page = open_form(signed_in("teacher"), module)
    choose(page, "Learner", amara.full_name)
    choose(page, "Status", "Submitted")
    page.get_by_role("button", name="Save", exact=True).dblclick()
    wait(page)
    expect(page.get_by_text(f"Saved for {amara.full_name}, {said(TODAY)}.")).to_be_visible()
    assert state_of(amara, amara.user_id, module)["attempts_count"] == 1


def test_the_grid_saves_the_good_lines_and_keeps_the_refused_ones_as_typed(
    signed_in: SignedIn, viewer: Known, module: dict[str, object]
) -> None:
    good, high, noted = names_of_untouched(viewer("teacher"), module)[:3]
    grid = open_grid(signed_in("teacher"), module)
    places = [row_of(grid, name) for name in (good, high, noted)]
    type_into(grid, places[0], 3, "71")
    type_into(grid, places[1], 3, "120")
    type_into(grid, places[2], 5, "only a note")
    press(grid.page, "Save")
    expect(grid.page.get_by_text(f"Saved for {good}, {said(TODAY)}.")).to_be_visible()
    refused = grid.page.get_by_test_id("stAlertContentError").inner_text()
    assert f"{high}: The score 120 is not between 0 and 100." in refused
    assert f"{noted}: Choose a status or enter a score." in refused
    expect(cell(grid, places[0], 3)).to_be_empty()
    expect(cell(grid, places[1], 3)).to_have_text("120")
    expect(cell(grid, places[2], 5)).to_have_text("only a note")
    stored = dict(of_class(viewer("teacher"), module).select("learner_name", "score").rows())
    assert [stored[name] for name in (good, high, noted)] == [71.0, None, None]


def test_a_refused_line_can_be_put_right_and_saved(
    signed_in: SignedIn, viewer: Known, module: dict[str, object]
) -> None:
    name = names_of_untouched(viewer("teacher"), module)[4]  # the first are set back today, which shuts the past
    grid = open_grid(signed_in("teacher"), module)
    place = row_of(grid, name)
    ahead = datetime.now(UTC).date() + timedelta(days=2)
    type_into(grid, place, 3, "64")
    type_into(grid, place, 4, f"{ahead:%m%d%Y}")
    press(grid.page, "Save")
    expect(grid.page.get_by_test_id("stAlertContentError")).to_contain_text("lies in the future")
    expect(cell(grid, place, 3)).to_have_text("64")
    past = ahead - timedelta(days=9)
    type_into(grid, place, 4, f"{past:%m%d%Y}")
    press(grid.page, "Save")
    expect(grid.page.get_by_text(f"Saved for {name}, {said(past)}.")).to_be_visible()
    row = of_class(viewer("teacher"), module).row(by_predicate=pl.col("learner_name") == name, named=True)
    assert (row["score"], row["last_activity_at"].date()) == (64.0, past)


def test_several_lines_are_saved_together_and_each_shows_its_new_percentages(
    signed_in: SignedIn, viewer: Known, amara: Viewer, module: dict[str, object]
) -> None:
    names = [name for name in names_of_untouched(viewer("teacher"), module) if name != amara.full_name]
    grid = open_grid(signed_in("teacher"), module)
    for name in (names[0], amara.full_name):
        type_into(grid, row_of(grid, name), 2, "Completed")
    press(grid.page, "Save")
    expect(grid.page.get_by_text(f"Saved for 2 learners, {said(TODAY)}.")).to_be_visible()
    unit, course = _standing(amara, module)
    row = grid.page.get_by_role("row", name=amara.full_name)
    expect(row).to_contain_text("Completed")
    expect(row).to_contain_text(f"{unit['shown_percentage']}%")
    student = signed_in("student")
    open_page(student, "/my_courses")
    assert f"{course['completed_modules_count']} of {course['total_modules']} modules" in words(student)


def test_an_untouched_grid_saves_nothing(signed_in: SignedIn, module: dict[str, object]) -> None:
    page = open_grid(signed_in("teacher"), module).page
    press(page, "Save")
    expect(page.get_by_text("Nothing to save yet")).to_be_visible()


def _standing(amara: Viewer, module: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Her rows of the module's unit and course, as the queries give them to her."""
    units = unit_progress(amara, learner_id=amara.user_id).filter(unit_id=module["unit_id"])
    courses = course_progress(amara, learner_id=amara.user_id, course_id=module["course_id"])
    return units.row(0, named=True), courses.row(0, named=True)


def names_of_untouched(teacher: Viewer, module: dict[str, object]) -> list[str]:
    return [str(row["learner_name"]) for row in untouched(teacher, module)]
