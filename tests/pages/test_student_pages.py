"""A student sees their own courses, units, modules and milestones, with the figures that the queries give."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from data.viewer import Viewer
from queries.course_progress import course_progress
from queries.milestone_timeline import milestone_timeline
from queries.module_progress import module_progress
from queries.next_module import continue_watching
from queries.unit_progress import unit_progress
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page, settle, words

Known = Callable[[str], Viewer]


def test_each_course_shows_its_percentage_counts_and_what_comes_next(signed_in: SignedIn, viewer: Known) -> None:
    student = viewer("student")
    page = signed_in("student")
    open_page(page, "/my_courses")
    said = words(page)
    courses = course_progress(student, learner_id=student.user_id)
    assert courses.height > 1
    for course in courses.rows(named=True):
        assert course["course_title"] in said
        assert (
            f"{course['shown_percentage']}% · {course['completed_units_count']} of {course['total_units']} units"
            f" · {course['completed_modules_count']} of {course['total_modules']} modules"
        ) in said
    first, *others = continue_watching(student, student.user_id).rows(named=True)
    assert f"{first['module_title']} {first['course_title']}\nYou stopped at 0:41 of 1:16" in said
    assert f"Next: {first['module_title']}" not in said
    for module in others:
        assert f"Next: {module['module_title']}" in said


def test_the_picture_of_all_courses_says_its_figures_in_words(signed_in: SignedIn, viewer: Known) -> None:
    student = viewer("student")
    page = signed_in("student")
    open_page(page, "/my_courses")
    courses = course_progress(student, learner_id=student.user_id).rows(named=True)
    figures = ", ".join(f"{course['course_title']} {course['shown_percentage']}%" for course in courses)
    expect(page.get_by_label(f"Progress: {figures}.")).to_be_visible()


def test_the_picture_opens_as_a_table(signed_in: SignedIn) -> None:
    page = signed_in("student")
    open_page(page, "/my_courses")
    page.get_by_text("Show as a table").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def test_a_card_leads_to_its_course_and_the_address_keeps_the_choice(signed_in: SignedIn, viewer: Known) -> None:
    student = viewer("student")
    second = course_progress(student, learner_id=student.user_id).row(1, named=True)
    page = signed_in("student")
    open_page(page, "/my_courses")
    page.get_by_role("link", name=second["course_title"]).click()
    expect(page.get_by_role("heading", name=second["course_title"])).to_be_visible()
    assert page.url.endswith(f"/my_course?course={second['course_id']}")
    page.reload()
    settle(page)
    expect(page.get_by_role("heading", name=second["course_title"])).to_be_visible()


def test_a_course_shows_every_unit_and_the_modules_of_the_one_that_is_next(signed_in: SignedIn, viewer: Known) -> None:
    student = viewer("student")
    course = continue_watching(student, student.user_id).row(0, named=True)
    page = signed_in("student")
    open_page(page, f"/my_course?course={course['course_id']}")
    said = words(page)
    for unit in unit_progress(student, learner_id=student.user_id, course_id=course["course_id"]).rows(named=True):
        counts = f"{unit['completed_modules_count']} of {unit['total_modules']} modules"
        assert f"{unit['unit_title']} {unit['shown_percentage']}% · {counts}" in said
    modules = module_progress(student, learner_id=student.user_id, unit_id=course["unit_id"])
    table = page.get_by_role("table")
    expect(table).to_have_count(1)
    for title in modules["module_title"]:
        expect(table.get_by_text(title)).to_be_visible()


def test_a_unit_opens_on_its_modules(signed_in: SignedIn, viewer: Known) -> None:
    student = viewer("student")
    page = signed_in("student")
    course_id = course_progress(student, learner_id=student.user_id)["course_id"][0]
    open_page(page, f"/my_course?course={course_id}")
    first = module_progress(student, learner_id=student.user_id, course_id=course_id).row(0, named=True)
    page.get_by_test_id("stExpander").filter(has_text=first["unit_title"]).locator("summary").click()
    expect(page.get_by_role("table", name=f"Modules of {first['unit_title']}")).to_contain_text(first["module_title"])


def test_choosing_another_course_shows_it_and_writes_it_into_the_address(signed_in: SignedIn, viewer: Known) -> None:
    student = viewer("student")
    second = course_progress(student, learner_id=student.user_id).row(1, named=True)
    page = signed_in("student")
    open_page(page, "/my_course")
    choose(page, "Course", second["course_title"])
    expect(page.get_by_role("heading", name=second["course_title"])).to_be_visible()
    expect(page).to_have_url(re.compile(f"course={second['course_id']}$"))


def test_the_timeline_says_what_was_completed_between_which_days(signed_in: SignedIn, viewer: Known) -> None:
    student = viewer("student")
    milestones = milestone_timeline(student, student.user_id)
    modules = milestones.filter(subject_type="module").height
    units = milestones.filter(subject_type="unit").height
    page = signed_in("student")
    open_page(page, "/my_timeline")
    chart = page.get_by_role("figure", name=f"Completed {modules} modules, {units} units between")
    expect(chart).to_be_visible()


def test_the_timeline_can_be_cut_down_to_one_course(signed_in: SignedIn, viewer: Known) -> None:
    student = viewer("student")
    first, second = course_progress(student, learner_id=student.user_id).head(2).rows(named=True)
    page = signed_in("student")
    open_page(page, f"/my_timeline?course={second['course_id']}")
    expect(page.locator(".js-plotly-plot .annotation-text")).to_have_text([second["course_title"]])
    choose(page, "Course", "All courses")
    expect(page.locator(".js-plotly-plot .annotation-text")).to_have_text(
        [first["course_title"], second["course_title"]]
    )


def test_someone_elses_course_is_as_unknown_as_one_that_does_not_exist(signed_in: SignedIn, viewer: Known) -> None:
    admin, student = viewer("admin"), viewer("student")
    own = course_progress(student, learner_id=student.user_id)["course_id"].to_list()
    others = [number for number in course_progress(admin)["course_id"].unique().to_list() if number not in own]
    page = signed_in("student")
    seen = set()
    for number in (others[0], 987654):
        open_page(page, f"/my_course?course={number}")
        seen.add(words(page).partition("We know")[2])
    assert seen == {" of no such course. Choose one from the list."}


def test_a_student_without_courses_is_told_what_to_do(signed_in: SignedIn) -> None:
    page = signed_in("newcomer")
    for path in ("/my_courses", "/my_course", "/my_timeline"):
        open_page(page, path)
        assert "No courses yet" in words(page)


def choose(page: Page, label: str, option: str) -> None:
    """Pick from a list by keyboard alone."""
    box = page.get_by_role("combobox", name=label)
    box.focus()
    box.press("ArrowDown")
    box.fill(option)
    box.press("Enter")
    settle(page)
