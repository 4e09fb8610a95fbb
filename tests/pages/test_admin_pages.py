"""An administrator sees how courses and classes come along, with the figures that the queries give."""

from collections.abc import Callable

from playwright.sync_api import expect

from charts.cohort_trend import ACTIVE, COMPLETIONS, MEAN, MEDIAN, cohort_trend_summary
from charts.course_completion import course_completion_summary
from data.viewer import Viewer
from queries.class_progress import class_progress
from queries.cohort_trend import class_trend, cohort_trend
from queries.course_progress import course_summary
from queries.course_structure import courses
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page, words
from tests.pages.steps import cell, choose, row_of, wait

Known = Callable[[str], Viewer]


def test_completion_says_in_words_and_as_a_table_what_the_query_gives(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/course_completion")
    summary = course_summary(viewer("admin"))
    assert summary.height == 4
    expect(page.get_by_label(course_completion_summary(summary)).first).to_be_visible()
    grid = page.get_by_test_id("stDataFrame")
    for row in summary.rows(named=True):
        place = row_of(grid, row["course_title"])
        expect(cell(grid, place, 1)).to_have_text(str(row["mean_modules_percentage"]))
        expect(cell(grid, place, 2)).to_have_text(str(row["median_modules_percentage"]).removesuffix(".0"))
        expect(cell(grid, place, 3)).to_have_text(str(row["learners_count"]))
        expect(cell(grid, place, 4)).to_have_text(str(row["completed_learners_count"]))


def test_the_bars_carry_the_courses_and_their_means(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/course_completion")
    notes = page.locator(".js-plotly-plot .annotation-text").all_text_contents()
    means = [f"mean {int(mean)}%" for mean in course_summary(viewer("admin"))["mean_modules_percentage"]]
    assert notes[1::2] == means


def test_trends_of_the_first_courses_are_drawn_and_said_in_words(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/cohort_trend")
    admin = viewer("admin")
    trend = cohort_trend(admin, courses(admin)["course_id"].to_list()[:3])
    for measure in (MEAN, ACTIVE, COMPLETIONS):
        expect(page.get_by_label(cohort_trend_summary(trend, measure))).to_be_visible()
    expect(page.locator(".js-plotly-plot").first.locator(".scatterlayer .trace")).to_have_count(
        2 * trend["course_id"].n_unique()  # each course with its present week
    )
    expect(page.get_by_text("so far").first).to_be_attached()


def test_the_median_can_be_drawn_instead_of_the_mean(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/cohort_trend")
    page.get_by_text("Median", exact=True).click()
    wait(page)
    admin = viewer("admin")
    trend = cohort_trend(admin, courses(admin)["course_id"].to_list()[:3], with_median=True)
    expect(page.get_by_label(cohort_trend_summary(trend, MEDIAN))).to_be_visible()
    expect(page.get_by_label(cohort_trend_summary(trend, MEAN))).to_have_count(0)


def test_classes_can_be_compared(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/cohort_trend")
    page.get_by_text("Classes", exact=True).click()
    wait(page)
    admin = viewer("admin")
    trend = class_trend(admin, class_progress(admin)["class_id"].to_list()[:3])
    expect(page.get_by_label(cohort_trend_summary(trend, MEAN, "class"))).to_be_visible()


def test_another_course_can_be_added(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/cohort_trend")
    choose(page, "Courses", "Science, Year 8")
    admin = viewer("admin")
    trend = cohort_trend(admin, courses(admin)["course_id"].to_list())
    expect(page.get_by_label(cohort_trend_summary(trend, MEAN))).to_be_visible()


def test_without_a_choice_the_page_says_what_to_do(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    open_page(page, "/cohort_trend")
    page.get_by_role("button", name="Clear all").click()
    wait(page)
    assert "No courses chosen" in words(page)


def test_every_chart_opens_as_a_table(signed_in: SignedIn, viewer: Known) -> None:
    page = signed_in("admin")
    open_page(page, "/cohort_trend")
    page.get_by_text("Show as a table").nth(1).click()
    wait(page)
    admin = viewer("admin")
    trend = cohort_trend(admin, courses(admin)["course_id"].to_list()[:3])
    grid = page.get_by_test_id("stDataFrame")
    expect(cell(grid, 0, 4)).to_have_text(str(trend["active_learners_count"][0]))
    expect(cell(grid, 0, 5)).to_have_text(str(trend["learners_count"][0]))
