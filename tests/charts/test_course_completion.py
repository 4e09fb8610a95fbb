"""A bar per course whose parts are its enrolments by status; the same in words."""

import polars as pl

from charts.course_completion import course_completion, course_completion_summary

FRAME = pl.DataFrame(
    {
        "course_title": ["Biology", "Algebra"],
        "learners_count": [20, 8],
        "completed_learners_count": [5, 0],
        "dropped_learners_count": [2, 1],
        "mean_modules_percentage": [64.9, 12.0],
    }
)


def test_the_parts_of_a_bar_are_its_enrolments_by_status() -> None:
    parts = {bars.name: list(bars.x) for bars in course_completion(FRAME).data}
    assert parts == {"Completed": [5, 0], "Not completed": [15, 8], "Dropped": [2, 1]}


def test_each_bar_carries_its_course_and_mean_in_the_frames_order_from_the_top() -> None:
    figure = course_completion(FRAME)
    words = [(note.y, note.text) for note in figure.layout.annotations]
    assert words == [(0, "Biology"), (0, "mean 64%"), (1, "Algebra"), (1, "mean 12%")]
    assert list(figure.layout.yaxis.range) == [1.5, -0.75]


def test_course_without_a_mean_has_none_beside_it() -> None:
    figure = course_completion(FRAME.with_columns(mean_modules_percentage=pl.lit(None, pl.Float64)))
    assert [note.text for note in figure.layout.annotations] == ["Biology", "", "Algebra", ""]


def test_dropped_is_hatched_too_so_that_it_does_not_rest_on_colour_alone() -> None:
    patterns = {bars.name: bars.marker.pattern.shape for bars in course_completion(FRAME).data}
    assert patterns == {"Completed": "", "Not completed": "", "Dropped": "/"}


def test_titles_are_never_taken_for_markup() -> None:
    figure = course_completion(FRAME.with_columns(course_title=pl.lit("<i>x")))
    assert figure.layout.annotations[0].text == "&lt;i>x"


def test_summary_sums_up_and_names_the_highest_and_the_lowest_mean() -> None:
    assert course_completion_summary(FRAME) == (
        "2 courses: 5 enrolments completed, 23 not completed, 3 dropped. "
        "Highest mean: Biology (64%); lowest: Algebra (12%)."
    )


def test_summary_of_one_course_compares_nothing() -> None:
    assert course_completion_summary(FRAME.head(1)) == "1 course: 5 enrolments completed, 15 not completed, 2 dropped."
