"""One line per course or class, one point per week; the same in words."""

from datetime import date, timedelta

import polars as pl

from charts.cohort_trend import ACTIVE, MEAN, MEDIAN, cohort_trend, cohort_trend_summary

SCHEMA = {
    "course_id": pl.Int64,
    "course_title": pl.String,
    "week_starts_on": pl.Date,
    "mean_modules_percentage": pl.Float64,
    "median_modules_percentage": pl.Float64,
    "active_percentage": pl.Float64,
    "active_learners_count": pl.Int64,
    "learners_count": pl.Int64,
    "is_so_far": pl.Boolean,
}
FIRST, SECOND = date(2026, 9, 7), date(2026, 9, 14)
FRAME = pl.DataFrame(
    [
        (2, "Biology", SECOND, 30.7, 28.0, 95.0, 19, 20, False),
        (2, "Biology", FIRST, 10.2, 8.0, 95.2, 20, 21, False),
        (1, "Algebra", FIRST, None, None, None, 0, 0, False),
        (1, "Algebra", SECOND, 4.5, 0.0, 62.5, 5, 8, False),
    ],
    schema=SCHEMA,
    orient="row",
)


def test_each_course_is_a_line_of_its_weeks_in_time() -> None:
    lines = {line.name: (list(line.x), list(line.y)) for line in cohort_trend(FRAME, MEAN).data}
    weeks = [str(FIRST), str(SECOND)]
    assert lines == {"Algebra": (weeks, [None, 4.5]), "Biology": (weeks, [10.2, 30.7])}


def test_a_week_without_a_figure_is_a_gap() -> None:
    assert [line.connectgaps for line in cohort_trend(FRAME, MEAN).data] == [False, False]


def test_the_chosen_measure_is_drawn() -> None:
    drawn = {measure.title: list(cohort_trend(FRAME, measure).data[1].y) for measure in (MEAN, MEDIAN, ACTIVE)}
    assert drawn == {
        "Mean share of modules": [10.2, 30.7],
        "Median share of modules": [8.0, 28.0],
        "Active learners": [95.2, 95.0],
    }


def test_lines_differ_by_colour_and_by_dash() -> None:
    frame = pl.concat([FRAME.with_columns(course_id=pl.lit(number, pl.Int64)) for number in range(6)])
    styles = [line.line for line in cohort_trend(frame, MEAN).data]
    assert len({style.color for style in styles}) == 6
    assert len({style.dash for style in styles}) == 6


def test_courses_of_one_title_are_two_lines() -> None:
    frame = FRAME.with_columns(course_title=pl.lit("Algebra"))
    assert len(cohort_trend(frame, MEAN).data) == 2


def test_classes_are_drawn_by_their_own_names() -> None:
    frame = FRAME.rename({"course_id": "class_id"}).with_columns(class_name=pl.format("7{}", "class_id"))
    assert [line.name for line in cohort_trend(frame, ACTIVE, "class").data] == ["71", "72"]
    assert cohort_trend_summary(frame, ACTIVE, "class").startswith("Active learners per week. 71: from 62% to 62%")


def test_hovering_says_n() -> None:
    line = cohort_trend(FRAME, MEAN).data[1]
    assert (line.meta, list(line.customdata)) == ("Biology", [[21], [20]])
    assert "<b>%{meta}</b>" in line.hovertemplate
    assert "n = %{customdata[0]}" in line.hovertemplate


def test_hovering_over_a_share_says_the_count_that_it_comes_from() -> None:
    line = cohort_trend(FRAME, ACTIVE).data[1]
    assert list(line.customdata) == [[21, 20], [20, 19]]
    assert "Active learners: %{y:.1f}% (%{customdata[1]})" in line.hovertemplate


def test_a_week_that_is_not_over_hangs_on_a_line_of_its_own_with_an_open_mark() -> None:
    frame = FRAME.with_columns(is_so_far=pl.col("week_starts_on") == SECOND)
    lines, so_far = cohort_trend(frame, MEAN).data[:2], cohort_trend(frame, MEAN).data[2:]
    assert [list(line.x) for line in lines] == [[str(FIRST)], [str(FIRST)]]
    assert [(list(line.x), line.showlegend) for line in so_far] == [([str(FIRST), str(SECOND)], False)] * 2
    assert {line.marker.symbol for line in so_far} == {"circle-open"}
    assert "so far in the week from" in so_far[0].hovertemplate


def test_the_tick_of_a_week_that_is_not_over_says_so() -> None:
    weeks = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(12)]
    rows = [(1, "Algebra", week, 1.0, 1.0, 1.0, 1, 1, week == weeks[-1]) for week in weeks]
    axis = cohort_trend(pl.DataFrame(rows, schema=SCHEMA, orient="row"), MEAN).layout.xaxis
    assert list(axis.tickvals) == [str(weeks[number]) for number in (0, 3, 6, 11)]
    assert axis.ticktext[-1] == "This week<br>so far"


def test_summary_says_what_is_so_far() -> None:
    frame = FRAME.with_columns(is_so_far=pl.col("week_starts_on") == SECOND)
    assert cohort_trend_summary(frame, MEAN) == (
        "Mean share of modules per week. Algebra: 4% so far this week. "
        "Biology: from 10% to 10% (21 learners at the end), 30% so far this week."
    )


def test_summary_gives_first_and_last_figure_of_each_line_rounded_down_with_n() -> None:
    assert cohort_trend_summary(FRAME, MEAN) == (
        "Mean share of modules per week. Algebra: from 4% to 4% (8 learners at the end). "
        "Biology: from 10% to 30% (20 learners at the end)."
    )


def test_summary_without_any_figure_says_so() -> None:
    frame = FRAME.with_columns(mean_modules_percentage=pl.lit(None, pl.Float64))
    assert cohort_trend_summary(frame, MEAN) == "Mean share of modules per week. No figures yet."


def test_ticks_are_the_first_days_of_weeks_with_the_year_where_it_is_new() -> None:
    weeks = [date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 4)]
    frame = pl.DataFrame(
        [(1, "Algebra", week, 1.0, 1.0, 1.0, 1, 1, False) for week in weeks], schema=SCHEMA, orient="row"
    )
    axis = cohort_trend(frame, MEAN).layout.xaxis
    assert list(axis.tickvals) == ["2026-12-21", "2026-12-28", "2027-01-04"]
    assert list(axis.ticktext) == ["21 Dec<br>2026", "28 Dec", "4 Jan<br>2027"]


def test_long_terms_have_few_ticks() -> None:
    weeks = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(40)]
    frame = pl.DataFrame(
        [(1, "Algebra", week, 1.0, 1.0, 1.0, 1, 1, False) for week in weeks], schema=SCHEMA, orient="row"
    )
    assert list(cohort_trend(frame, MEAN).layout.xaxis.tickvals) == [str(week) for week in weeks[::8]]
