"""Which courses or classes to compare, and one measure of them as lines with its table."""

import polars as pl
import streamlit as st

from charts.cohort_trend import Cohort, Measure, cohort_trend, cohort_trend_summary
from data.viewer import Viewer
from pages.widgets.cards import show_nothing_yet
from pages.widgets.charts import show_chart
from pages.widgets.tables import date_column, mean_column, number_column, text_column
from queries import cohort_trend as trends
from queries.class_progress import class_progress
from queries.course_structure import courses

_MOST_LINES = 6
_CHOSEN_AT_FIRST = 3


def choose_cohorts(viewer: Viewer) -> tuple[Cohort, pl.DataFrame]:
    """Several courses or classes, and their weeks. Without any the run ends here."""
    kind = st.radio("Compare", ["Courses", "Classes"], horizontal=True, key="trend_of")
    if kind == "Courses":
        listed = courses(viewer).select("course_id", "course_title")
        return "course", trends.cohort_trend(viewer, _choose(listed, "Courses"))
    listed = class_progress(viewer).select("class_id", pl.format("{} · {}", "class_name", "course_title"))
    return "class", trends.class_trend(viewer, _choose(listed, "Classes"))


def _choose(listed: pl.DataFrame, label: str) -> list[int]:
    """The ids of some of these rows of id and name."""
    names: dict[int, str] = dict(listed.rows())
    chosen = st.multiselect(
        label,
        list(names),
        default=list(names)[:_CHOSEN_AT_FIRST],
        format_func=names.__getitem__,
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
            measure.column: (mean_column if measure.is_percentage else number_column)(measure.title),
            "learners_count": number_column("Learners (n)"),
        },
    )
