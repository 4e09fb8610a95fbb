"""A teacher sees who needs a look and how far the classes and learners are, with the figures that the queries give."""

import math
import re
from collections.abc import Callable
from contextlib import suppress

import polars as pl
import pytest
from playwright.sync_api import expect

from charts.heat_map import heat_map_summary
from data.record import Record
from data.viewer import Viewer
from progress.people.accounts import UsernameTaken, add_user
from queries.class_progress import class_progress
from queries.course_progress import course_progress
from queries.needs_a_look import needs_a_look
from queries.people import learners
from queries.unit_progress import unit_progress
from tests.pages.conftest import OTHERS_PASSWORD, SignedIn
from tests.pages.screen import open_page, words
from tests.pages.steps import cell, choose, row_of, wait

Known = Callable[[str], Viewer]


@pytest.fixture
def classless(school: Record) -> str:
    """A teacher, by username, who teaches no class yet, and is an administrator besides."""
    with suppress(UsernameTaken), school.writing() as tx:
        add_user(tx, "Cass Less", username="classless", password=OTHERS_PASSWORD, roles=["teacher", "administrator"])
    return "classless"


def test_each_class_shows_its_mean_median_and_n(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    open_page(page, "/my_classes")
    said = re.sub(r"\s+", " ", words(page))
    classes = class_progress(viewer("teacher")).rows(named=True)
    assert len(classes) == 2
    for row in classes:
        figures = " ".join(
            f"{name} {_percent(row[f'{name.lower()}_modules_percentage'])}" for name in ("Mean", "Median")
        )
        assert f"{figures} Learners (n) {row['learners_count']}" in said.partition(row["class_name"] + " ")[2]


def test_who_needs_a_look_stands_first_with_the_reason_in_words(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    open_page(page, "/my_classes")
    looks = needs_a_look(viewer("teacher"))
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        re.compile(rf"^{looks['learner_id'].n_unique()} learners? to look at today")
    )
    said = words(page)
    assert [name for name in looks.head(6)["learner_name"] if name not in said] == []
    behind = looks.head(6).filter("is_behind").rows(named=True)
    assert behind
    for row in behind:
        done = f"{row['completed_modules_count']} of {row['total_modules']} modules"
        assert f"{done}, {row['modules_behind']} behind the class" in said


def test_the_rest_who_need_a_look_unfold(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    open_page(page, "/my_classes")
    names = needs_a_look(viewer("teacher"))["learner_name"].to_list()
    assert names[-1] not in words(page)
    page.get_by_text(f"Show {len(names) - 6} more").click()
    expect(page.get_by_role("link", name=names[-1])).to_be_visible()


def test_a_learner_who_needs_a_look_is_one_press_away(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    open_page(page, "/my_classes")
    first = needs_a_look(viewer("teacher")).row(0, named=True)
    page.get_by_role("link", name=first["learner_name"]).click()
    expect(page).to_have_url(re.compile(rf"/learner_progress\?learner={first['learner_id']}$"))
    expect(page.get_by_role("combobox", name="Learner")).to_have_value(re.compile(first["learner_name"]))


def test_a_class_is_one_press_away(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    open_page(page, "/my_classes")
    second = class_progress(viewer("teacher")).row(1, named=True)
    page.get_by_role("link", name=second["class_name"]).click()
    expect(page).to_have_url(re.compile(rf"/class_progress\?class={second['class_id']}$"))
    expect(page.get_by_role("combobox", name="Class")).to_have_value(second["class_name"])


def test_the_heat_map_shows_every_figure_of_the_class_and_says_them_in_words(
    signed_in: SignedIn, viewer: Known
) -> None:
    page = signed_in("teacher")
    class_id = min(viewer("teacher").class_ids)
    open_page(page, f"/class_progress?class={class_id}")
    cells = _cells(viewer("teacher"), class_id)
    expect(page.get_by_label(heat_map_summary(cells))).to_be_visible()
    drawn = page.locator(".js-plotly-plot .textpoint text").all_text_contents()
    assert sorted(drawn) == sorted(str(shown) for shown in cells["shown_percentage"])


def test_the_table_shows_every_figure_of_a_learner(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    class_id = min(viewer("teacher").class_ids)
    open_page(page, f"/class_progress?class={class_id}")
    grid = page.get_by_test_id("stDataFrame")
    learner = (
        course_progress(viewer("teacher"), class_id=class_id).filter(learner_name="Amara Okafor").row(0, named=True)
    )
    units = _cells(viewer("teacher"), class_id).filter(learner_id=learner["learner_id"]).sort("unit_position")
    row = row_of(grid, "Amara Okafor")
    expect(cell(grid, row, 1)).to_have_text(str(learner["shown_modules_percentage"]))
    for place, shown in enumerate(units["shown_percentage"].head(4)):
        expect(cell(grid, row, 2 + place)).to_have_text(str(shown))


def test_dropped_learners_are_counted_and_not_drawn(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    class_id = min(viewer("teacher").class_ids)
    dropped = course_progress(viewer("teacher"), class_id=class_id).filter(enrolment_status="dropped")["learner_name"]
    assert len(dropped) == 1
    open_page(page, f"/class_progress?class={class_id}")
    assert re.search(r"Dropped\s+1", words(page))
    expect(page.locator(".js-plotly-plot .ytick", has_text=dropped[0])).to_have_count(0)


def test_the_matrix_can_start_with_the_least_progress(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    class_id = min(viewer("teacher").class_ids)
    open_page(page, f"/class_progress?class={class_id}")
    page.get_by_text("Least progress first").click()
    wait(page)
    ranked = course_progress(viewer("teacher"), class_id=class_id).filter(pl.col("enrolment_status") != "dropped")
    ranked = ranked.sort("modules_percentage", "learner_name")
    grid = page.get_by_test_id("stDataFrame")
    expect(cell(grid, 0, 0)).to_have_text(ranked["learner_name"][0])


def test_the_way_from_the_class_to_a_learner_needs_the_keyboard_only(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("teacher")
    open_page(page, "/class_progress")
    choose(page, "Open a learner’s page", "Elif Kaya")
    expect(page.get_by_role("heading", level=1)).to_have_text("Learner progress")
    expect(page.get_by_role("combobox", name="Learner")).to_have_value("Elif Kaya")


def test_a_name_in_the_table_leads_to_the_learner_even_when_it_is_sorted(signed_in: SignedIn) -> None:
    page = signed_in("teacher")
    open_page(page, "/class_progress")
    grid = page.get_by_test_id("stDataFrame")
    expect(cell(grid, 0, 0)).to_be_attached()
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 180, box["y"] + 17)  # the head of the column “All modules” sorts by it
    expect(cell(grid, 0, 0)).not_to_have_text("Aarav Patel")
    least = cell(grid, 0, 0).inner_text()
    page.mouse.click(box["x"] + 60, box["y"] + 52)
    expect(page.get_by_role("combobox", name="Learner")).to_have_value(least)


def test_a_learners_page_shows_courses_units_and_timeline(signed_in: SignedIn, viewer: Known) -> None:
    teacher = viewer("teacher")
    amara = learners(teacher).filter(learner_name="Amara Okafor")["learner_id"][0]
    page = signed_in("teacher")
    open_page(page, f"/learner_progress?learner={amara}")
    for course in course_progress(teacher, learner_id=amara).rows(named=True):
        counts = f"{course['completed_units_count']} of {course['total_units']} units"
        assert f"{course['shown_percentage']}% · {counts}" in words(page)
    page.get_by_text("Units and modules", exact=True).click()
    wait(page)
    first = unit_progress(teacher, learner_id=amara).row(0, named=True)
    assert f"{first['unit_title']} {first['shown_percentage']}%" in words(page)
    page.get_by_text("Timeline", exact=True).click()
    wait(page)
    expect(page.get_by_label(re.compile(r"^Completed \d+ modules")).first).to_be_visible()


def test_a_course_card_of_a_learner_leads_to_its_units(signed_in: SignedIn, viewer: Known) -> None:
    teacher = viewer("teacher")
    amara = learners(teacher).filter(learner_name="Amara Okafor")["learner_id"][0]
    course = course_progress(teacher, learner_id=amara).row(1, named=True)
    page = signed_in("teacher")
    open_page(page, f"/learner_progress?learner={amara}")
    page.get_by_role("link", name=course["course_title"]).click()
    expect(page.get_by_role("heading", name=course["course_title"])).to_be_visible()
    expect(page.get_by_role("heading", name="Units and modules")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "parameter", "noun"),
    [
        ("class_progress", "class", "class"),
        ("record_progress", "class", "class"),
        ("learner_progress", "learner", "learner"),
    ],
)
def test_someone_elses_class_or_learner_is_as_unknown_as_one_that_does_not_exist(
    path: str, parameter: str, noun: str, signed_in: SignedIn, viewer: Known
) -> None:
    page = signed_in("teacher")
    for number in (_of_others(viewer, noun), 987654):
        open_page(page, f"/{path}?{parameter}={number}")
        said = words(page)
        assert f"We know of no such {noun}. Choose one from the list." in said
        assert "Mean" not in said
        expect(page.locator(".js-plotly-plot")).to_have_count(0)


@pytest.mark.parametrize("path", ["my_classes", "class_progress", "learner_progress", "record_progress"])
def test_a_teacher_without_a_class_is_told_what_to_do(path: str, signed_in: SignedIn, classless: str) -> None:
    page = signed_in(classless)
    open_page(page, f"/{path}")
    assert re.search("No (classes|learners) yet", words(page))


def _percent(percentage: float) -> str:
    return f"{math.floor(percentage)}%"


def _cells(teacher: Viewer, class_id: int) -> pl.DataFrame:
    """The units of those learners of the class who have not dropped out, by name."""
    current = course_progress(teacher, class_id=class_id).filter(pl.col("enrolment_status") != "dropped")
    return current.select("learner_id").join(unit_progress(teacher, class_id=class_id), on="learner_id")


def _of_others(viewer: Known, noun: str) -> int:
    """A class or learner that is not this teacher's."""
    teacher, admin = viewer("teacher"), viewer("admin")
    if noun == "class":
        return next(number for number in class_progress(admin)["class_id"] if number not in teacher.class_ids)
    return next(number for number in learners(admin)["learner_id"] if number not in teacher.learner_ids)
