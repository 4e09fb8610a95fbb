"""Which courses or classes to compare, and one measure of them as lines with its table."""

import polars as pl
import streamlit as st

from charts.cohort_trend import MEDIAN, Cohort, Measure, cohort_trend, cohort_trend_summary
from data.viewer import Viewer
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.charts import show_chart
from pages.widgets.layout.tables import ColumnConfig, date_column, mean_column, number_column, text_column
from pages.widgets.words.markdown import one_line
from queries.class_progress import class_progress
from queries.cohort_trend import class_trend
from queries.cohort_trend import cohort_trend as cohort_trend_of_courses
from queries.course_progress import course_summary
from queries.course_structure import courses

_MOST_LINES = 6
_CHOSEN_AT_FIRST = 3
_COUNTS = {"active_learners_count": "Active", "completed_units_count": "Units completed"}


def choose_cohorts(viewer: Viewer) -> tuple[Cohort, list[int]]:
    """Several courses or classes, at first those in which most is going on. Without any the run ends here."""
    kind = st.radio("Compare", ["Courses", "Classes"], horizontal=True, key="trend_of")
    if kind == "Courses":
        summary = course_summary(viewer, busiest_first=True)
        listed = summary.join(courses(viewer), on="course_id", how="semi", maintain_order="left")
        return "course", _choose(listed.select("course_id", "course_title"), "Courses")
    classes = class_progress(viewer, busiest_first=True)
    return "class", _choose(classes.select("class_id", pl.format("{} · {}", "class_name", "course_title")), "Classes")


def weeks_of(viewer: Viewer, cohort: Cohort, cohort_ids: list[int], average: Measure) -> pl.DataFrame:
    """The trend of these courses or classes, with what the average needs."""
    asked = {"course": cohort_trend_of_courses, "class": class_trend}[cohort]
    return asked(viewer, cohort_ids, with_median=average is MEDIAN)


def _choose(listed: pl.DataFrame, label: str) -> list[int]:
    """The ids of some of these rows of id and name."""
    names: dict[int, str] = dict(listed.rows())
    chosen = st.multiselect(
        label,
        list(names),
        default=list(names)[:_CHOSEN_AT_FIRST],
        format_func=lambda each: one_line(names[each]),
        max_selections=_MOST_LINES,
        key=f"trend_{label}",
        placeholder=f"Choose up to {_MOST_LINES}",
    )
    if not chosen:
        show_nothing_yet(f"No {label.lower()} chosen", f"Choose up to {_MOST_LINES} to compare.")
        st.stop()
    return chosen


def show_trend(trend: pl.DataFrame, measure: Measure, cohort: Cohort) -> None:
    """One measure, week by week. `trend` as from `cohort_trend` or `class_trend`."""
    st.header(f"{measure.title} per week", anchor=False)
    show_chart(
        cohort_trend(trend, measure, cohort),
        cohort_trend_summary(trend, measure, cohort),
        trend,
        key=f"trend_{cohort}_{measure.column}",
        columns={
            "class_name" if cohort == "class" else "course_title": text_column(
                "Class" if cohort == "class" else "Course"
            ),
            "week_starts_on": date_column("Week from"),
            "is_so_far": st.column_config.CheckboxColumn("So far"),
            measure.column: mean_column(measure.title) if measure.is_percentage else _decimals(measure.title),
            **({measure.count: number_column(_COUNTS[measure.count])} if measure.count else {}),
            "learners_count": number_column("Learners (n)"),
        },
    )


def _decimals(heading: str) -> ColumnConfig:
    return number_column(heading, format="%.2f")
