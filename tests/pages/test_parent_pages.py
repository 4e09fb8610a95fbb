"""A parent sees each of their children, and no one else's."""

from collections.abc import Callable

import polars as pl
import pytest
from playwright.sync_api import expect

from data.viewer import Viewer
from queries.course_progress import course_progress
from queries.milestone_timeline import milestone_timeline
from queries.people import learners
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page, words

Known = Callable[[str], Viewer]


def test_every_child_is_shown_with_every_course_and_the_newest_milestone(signed_in: SignedIn, viewer: Known) -> None:
    parent = viewer("parent")
    assert len(parent.child_ids) == 2
    page = signed_in("parent")
    open_page(page, "/my_children")
    said = words(page)
    for child in learners(parent).rows(named=True):
        expect(page.get_by_role("heading", name=child["learner_name"])).to_be_visible()
        for course in course_progress(parent, learner_id=child["learner_id"]).rows(named=True):
            assert course["course_title"] in said
            assert f"{course['shown_percentage']}% · {course['completed_units_count']} of" in said
        newest = milestone_timeline(parent, child["learner_id"], limit=1).row(0, named=True)
        assert newest["subject_title"] in said


def test_a_card_leads_to_that_childs_course(signed_in: SignedIn, viewer: Known) -> None:
    parent = viewer("parent")
    course = course_progress(parent, learner_id=parent.child_ids[1]).row(0, named=True)
    page = signed_in("parent")
    open_page(page, "/my_children")
    page.get_by_role("link", name=course["course_title"]).click()
    expect(page.get_by_role("heading", name=course["course_title"])).to_be_visible()
    assert f"learner={course['learner_id']}" in page.url
    assert f"course={course['course_id']}" in page.url


@pytest.mark.parametrize("path", ["/child_progress", "/child_timeline"])
def test_another_familys_child_is_as_unknown_as_one_that_does_not_exist(
    path: str, signed_in: SignedIn, viewer: Known
) -> None:
    parent, admin = viewer("parent"), viewer("admin")
    others = learners(admin).filter(~pl.col("learner_id").is_in(parent.child_ids))
    stranger = others.row(0, named=True)
    page = signed_in("parent")
    seen = set()
    for number in (stranger["learner_id"], 987654):
        open_page(page, f"{path}?learner={number}")
        seen.add(words(page).partition("We know")[2])
        assert stranger["learner_name"] not in page.content()
        assert page.get_by_test_id("stPlotlyChart").count() == 0
    assert seen == {" of no such child. Choose one from the list."}


def test_a_childs_timeline_shows_that_child(signed_in: SignedIn, viewer: Known) -> None:
    parent = viewer("parent")
    second = parent.child_ids[1]
    modules = milestone_timeline(parent, second, subject_types=["module"]).height
    page = signed_in("parent")
    open_page(page, f"/child_timeline?learner={second}")
    expect(page.get_by_role("figure", name=f"Completed {modules} modules")).to_be_visible()


def test_two_children_of_the_same_name_can_be_told_apart(signed_in: SignedIn, viewer: Known) -> None:
    both = viewer("both")
    assert len(both.child_ids) == 2
    page = signed_in("both")
    open_page(page, "/child_progress")
    page.get_by_role("combobox", name="Child").click()
    options = page.get_by_role("option").all_inner_texts()
    assert len(set(options)) == 2
    assert len({option.partition(" · ")[0] for option in options}) == 1


def test_a_parent_who_teaches_sees_only_their_children_here(signed_in: SignedIn, viewer: Known) -> None:
    both = viewer("both")
    taught = learners(both).filter(~pl.col("learner_id").is_in(both.child_ids))
    assert taught.height > 10
    page = signed_in("both")
    open_page(page, "/my_children")
    expect(page.get_by_role("heading", level=2)).to_have_count(2)
    open_page(page, f"/child_progress?learner={taught['learner_id'][0]}")
    assert "We know of no such child." in words(page)


def test_a_parent_without_children_is_told_what_to_do(signed_in: SignedIn) -> None:
    page = signed_in("childless")
    for path in ("/my_children", "/child_progress", "/child_timeline"):
        open_page(page, path)
        assert "Ask the school to link your account to your child." in words(page)
