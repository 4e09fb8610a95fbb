"""Choosing another child, learner, class or course leaves nothing of the one before: no address leads to a dead end."""

import re
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from data.viewer import Viewer
from queries.course_progress import course_progress
from queries.people import learners
from tests.pages.conftest import Known, SignedIn
from tests.pages.screen import open_page, words
from tests.pages.steps import choose

Row = dict[str, Any]


@pytest.mark.parametrize("path", ["/child_progress", "/child_timeline"])
def test_another_child_is_shown_in_a_course_of_their_own(path: str, signed_in: SignedIn, viewer: Known) -> None:
    here, there = _course_of_the_first_alone(viewer("parent"))
    page = signed_in("parent")
    open_page(page, f"{path}?learner={here['learner_id']}&course={here['course_id']}")
    choose(page, "Child", there["learner_name"])
    _expect_a_course_of(page, there["learner_id"], viewer("parent"))


def test_another_learner_is_shown_in_a_course_of_their_own(signed_in: SignedIn, viewer: Known) -> None:
    teacher = viewer("teacher")
    here, there = _course_of_the_first_alone(teacher)
    page = signed_in("teacher")
    open_page(page, f"/learner_progress?learner={here['learner_id']}&course={here['course_id']}")
    choose(page, "Learner", there["learner_name"])
    _expect_a_course_of(page, there["learner_id"], teacher)
    expect(page.get_by_role("radio", name="Units and modules")).to_be_checked()


def test_a_course_that_the_next_learner_takes_too_stays_chosen(signed_in: SignedIn, viewer: Known) -> None:
    rows = course_progress(viewer("teacher")).sort("course_id", "learner_id")
    here, there = rows.filter(course_id=rows["course_id"][-1]).head(2).rows(named=True)
    page = signed_in("teacher")
    open_page(page, f"/learner_progress?learner={here['learner_id']}&course={here['course_id']}")
    choose(page, "Learner", there["learner_name"])
    expect(page).to_have_url(re.compile(f"course={here['course_id']}(&|$)"))
    expect(page.get_by_role("heading", name=there["course_title"])).to_be_visible()


def test_a_unit_of_the_course_before_leaves_the_address(signed_in: SignedIn, viewer: Known) -> None:
    student = viewer("student")
    first, second = course_progress(student, learner_id=student.user_id).head(2).rows(named=True)
    page = signed_in("student")
    open_page(page, f"/my_course?course={first['course_id']}&unit=1")
    choose(page, "Course", second["course_title"])
    expect(page).to_have_url(re.compile(rf"/my_course\?course={second['course_id']}$"))


def test_an_address_with_a_course_that_the_child_does_not_take_still_says_so(
    signed_in: SignedIn, viewer: Known
) -> None:
    page = signed_in("parent")
    open_page(page, f"/child_progress?learner={viewer('parent').child_ids[0]}&course=987654")
    assert "We know of no such course. Choose one from the list." in words(page)


def _course_of_the_first_alone(viewer: Viewer) -> tuple[Row, Row]:
    """A row of `course_progress`, and a learner who does not take that course."""
    rows = course_progress(viewer)
    for row in rows.rows(named=True):
        takers = rows.filter(course_id=row["course_id"])["learner_id"].implode()
        others = learners(viewer).filter(~pl.col("learner_id").is_in(takers))
        if not others.is_empty():
            return row, others.row(0, named=True)
    raise AssertionError("everyone takes every course")


def _expect_a_course_of(page: Page, learner_id: int, viewer: Viewer) -> None:
    expect(page).to_have_url(re.compile(f"learner={learner_id}"))
    assert "We know of no such" not in words(page)
    asked = re.search(r"course=(\d+)", page.url)
    taken = course_progress(viewer, learner_id=learner_id)["course_id"].to_list()
    assert asked is None or int(asked.group(1)) in taken
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
