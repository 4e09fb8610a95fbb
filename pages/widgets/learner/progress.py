"""One learner's courses, units and milestones, as the learner, a parent and a teacher see them alike.

Each function asks on behalf of the viewer, so it shows nothing of a learner whom the viewer may not see.
"""

from typing import Any

import polars as pl
import streamlit as st

from charts.milestone_timeline import milestone_timeline as milestone_timeline_chart
from charts.trails import course_trails, unit_trails
from data.viewer import Viewer
from pages.widgets.layout.cards import CardLink, card, card_grid, progress_card, show_bar, show_nothing_yet
from pages.widgets.layout.charts import show_chart
from pages.widgets.layout.tables import date_column, in_time_zone, number_column, progress_column, text_column
from pages.widgets.words.markdown import icon, plain, small
from pages.widgets.words.percentages import count_text, day_text, percent_text, plural
from pages.widgets.words.status import (
    course_status,
    lacked_modules,
    module_details,
    module_result,
    module_status,
    unit_label,
)
from progress.courses.completing_rule import rule_now, rule_that_completed
from queries.course_progress import course_progress
from queries.milestone_timeline import milestone_timeline
from queries.module_progress import module_progress
from queries.next_module import continue_watching
from queries.unit_progress import unit_progress

Row = dict[str, Any]
_IS_DROPPED = pl.col("enrolment_status") == "dropped"


def show_courses(
    viewer: Viewer, learner_id: int, *, upcoming: pl.DataFrame | None = None, course_page: str | None = None
) -> None:
    """A card per course, each leading to `course_page` (a path below `pages/`), and a picture of them all.

    `upcoming` is what the cards name as next: a module's title by course, `continue_watching` unless given.
    """
    courses = course_progress(viewer, learner_id=learner_id).sort(_IS_DROPPED, maintain_order=True)
    if courses.is_empty():
        show_nothing_yet("No courses yet", "Courses appear here once the school has enrolled this learner in one.")
        return
    with card_grid():
        named = continue_watching(viewer, learner_id) if upcoming is None else upcoming
        show_course_cards(viewer, courses, named, course_page=course_page)
    _show_course_picture(courses, unit_progress(viewer, learner_id=learner_id), key=f"trails_{learner_id}")


def show_course_cards(
    viewer: Viewer, courses: pl.DataFrame, upcoming: pl.DataFrame | None = None, *, course_page: str | None = None
) -> None:
    """A card per row of `course_progress`, with what `continue_watching` has next in it. To be called in a grid."""
    next_of = {} if upcoming is None else dict(upcoming.select("course_id", "module_title").iter_rows())
    for course in courses.iter_rows(named=True):
        lines = _status_lines(course, viewer.time_zone)
        if course["course_id"] in next_of:
            lines.append(f"{icon('arrow_forward')} Next: {plain(next_of[course['course_id']])}")
        link = CardLink(course_page, _course_query(viewer, course)) if course_page else None
        progress_card(course["course_title"], course["shown_percentage"], _counts(course), lines, link=link)


def show_units(
    viewer: Viewer, learner_id: int, course_id: int, *, opened: str | None = None, lecture_page: str | None = None
) -> None:
    """A course: how far the learner is, what comes next, a picture of its units, and each unit with its modules.

    `opened` is a unit to open besides the one that is next. `lecture_page` is where the learner watches a lecture.
    """
    course = course_progress(viewer, learner_id=learner_id, course_id=course_id)
    if course.is_empty():
        show_nothing_yet(
            "Not enrolled", "There is nothing to show, because the learner is not enrolled in this course."
        )
        return
    units = unit_progress(viewer, learner_id=learner_id, course_id=course_id)
    modules = module_progress(viewer, learner_id=learner_id, course_id=course_id)
    upcoming = continue_watching(viewer, learner_id).filter(course_id=course_id)
    _show_course_head(viewer, course.row(0, named=True), upcoming)
    _show_unit_picture(units, modules, key=f"units_{learner_id}_{course_id}")
    st.subheader("Units and modules", anchor=False)
    with st.container(gap="xsmall"):
        for unit in units.iter_rows(named=True):
            is_open = unit["unit_id"] in upcoming["unit_id"] or str(unit["unit_id"]) == opened
            rows = modules.filter(unit_id=unit["unit_id"])
            _show_unit(unit, rows, viewer.time_zone, is_open=is_open, lecture_page=lecture_page)


def show_timeline(viewer: Viewer, learner_id: int, course_id: int | None = None) -> None:
    """What the learner has completed, in time: of one course, or of all."""
    milestones = in_time_zone(milestone_timeline(viewer, learner_id, course_id=course_id), viewer.time_zone)
    if milestones.is_empty():
        show_nothing_yet("No milestones yet", "The first completed module will appear here.")
        return
    show_chart(
        milestone_timeline_chart(milestones, viewer.today()),
        _timeline_words(milestones),
        milestones.with_columns(pl.col("subject_type").str.to_titlecase()),
        key=f"timeline_{learner_id}",
        columns={
            "occurred_at": date_column("Completed"),
            "subject_title": text_column("Milestone"),
            "subject_type": text_column("Type"),
            "course_title": text_column("Course"),
            "score": number_column("Score", format="%g%%"),
        },
        is_open=True,
    )


def show_newest_milestones(viewer: Viewer, learner_id: int, *, timeline_page: str) -> None:
    """A card with the learner's latest completions, leading to all of them; no card where there are none."""
    milestones = milestone_timeline(viewer, learner_id, limit=_NEWEST)
    if milestones.is_empty():
        return
    with card("Newest milestones", link=CardLink(timeline_page, {"learner": str(learner_id)})):
        st.caption("  \n".join(_milestone_line(row, viewer.time_zone) for row in milestones.iter_rows(named=True)))


_NEWEST = 4
_MILESTONE_ICONS = {"module": "check_circle", "unit": "flag", "course": "trophy"}


def _milestone_line(milestone: Row, time_zone: str) -> str:
    what = f"{icon(_MILESTONE_ICONS[milestone['subject_type']])} {plain(milestone['subject_title'])}"
    return f"{what} · {day_text(milestone['occurred_at'], time_zone)}"


def _status_lines(course: Row, time_zone: str) -> list[str]:
    """Where the learner stands in the course and, where a rule completed it early, that rule."""
    earned = course["completed_at"]
    rule = rule_that_completed(course["course_id"], earned) if earned and lacked_modules(course) else None
    return [course_status(course, time_zone, by_rule=rule is not None), *([plain(rule)] if rule else [])]


def _course_query(viewer: Viewer, course: Row) -> dict[str, str]:
    """What the URL must say to show this course; a learner's own pages need not name the learner."""
    query = {"course": str(course["course_id"])}
    is_own = course["learner_id"] == viewer.user_id
    return query if is_own else {"learner": str(course["learner_id"])} | query


def _counts(course: Row) -> str:
    units = count_text(course["completed_units_count"], course["total_units"], "unit")
    return f"{units} · {count_text(course['completed_modules_count'], course['total_modules'], 'module')}"


def _show_course_picture(courses: pl.DataFrame, units: pl.DataFrame, *, key: str) -> None:
    st.header("Unit by unit", anchor=False)
    show_chart(
        course_trails(courses, units),
        _percentages_in_words(courses, "course_title"),
        units.join(courses.select("course_id", "course_title"), on="course_id", maintain_order="left"),
        key=key,
        columns={"course_title": text_column("Course")} | _UNIT_COLUMNS,
    )


def _show_unit_picture(units: pl.DataFrame, modules: pl.DataFrame, *, key: str) -> None:
    show_chart(
        unit_trails(units, modules), _percentages_in_words(units, "unit_title"), units, key=key, columns=_UNIT_COLUMNS
    )


_UNIT_COLUMNS = {
    "unit_title": text_column("Unit"),
    "shown_percentage": progress_column(),
    "completed_modules_count": number_column("Modules completed"),
    "total_modules": number_column("Modules that count"),
}


def _show_course_head(viewer: Viewer, course: Row, upcoming: pl.DataFrame) -> None:
    lines = _status_lines(course, viewer.time_zone)
    if not course["completed_at"] and course["status"] != "completed" and (rule := rule_now(course["course_id"])):
        lines.append(plain(rule))
    for module in upcoming.iter_rows(named=True):
        what = f"**{plain(module['module_title'])}** in {plain(module['unit_title'])}"
        lines.append(f"{icon('arrow_forward')} Next: {what}")
    st.header(plain(course["course_title"]), anchor=False)
    with st.container(gap="xsmall"):
        show_bar(course["shown_percentage"], _counts(course))
        st.markdown("  \n".join(lines))


def _show_unit(unit: Row, modules: pl.DataFrame, time_zone: str, *, is_open: bool, lecture_page: str | None) -> None:
    """A unit that opens on its modules; closed, it sends none of them."""
    opened = st.expander(
        unit_label(unit), is_open, key=f"unit_{unit['learner_id']}_{unit['unit_id']}", on_change="rerun"
    )
    if opened.open:
        with opened:
            st.table(_module_rows(modules, time_zone), border="horizontal", alt=f"Modules of {unit['unit_title']}")
            if lecture_page:
                _show_lecture_links(modules, lecture_page)


def _show_lecture_links(modules: pl.DataFrame, lecture_page: str) -> None:
    """A way to each lecture that can be watched here. A table can hold none that opens in the same tab."""
    for row in modules.filter(pl.col("media_url").is_not_null(), module_kind="lecture", availability="open").iter_rows(
        named=True
    ):
        st.page_link(
            lecture_page,
            label=f"Watch “{plain(row['module_title'])}”",
            icon=icon("play_circle"),
            query_params={"module": str(row["module_id"])},
        )


def _module_rows(modules: pl.DataFrame, time_zone: str) -> dict[str, list[str]]:
    """The modules as Markdown cells; those that were retired before the learner touched them are left out."""
    shown = modules.filter((pl.col("availability") != "retired") | (pl.col("status") != "not_started"))
    rows = list(shown.iter_rows(named=True))
    return {
        "Module": [f"{plain(row['module_title'])}  \n{small(module_details(row))}" for row in rows],
        "Status": [module_status(row, time_zone) for row in rows],
        "Result": [module_result(row) for row in rows],
    }


def _percentages_in_words(frame: pl.DataFrame, title: str) -> str:
    """The rows of a picture in a sentence, for those who cannot see it."""
    parts = [f"{row[title]} {percent_text(row['shown_percentage'])}" for row in frame.iter_rows(named=True)]
    return f"Progress: {', '.join(parts)}."


def _timeline_words(milestones: pl.DataFrame) -> str:
    """What the timeline shows: how much was completed, between which days."""
    numbers = dict(milestones["subject_type"].value_counts().iter_rows())
    counts = [plural(numbers[kind], kind) for kind in ("module", "unit", "course") if kind in numbers]
    first, last = milestones["occurred_at"][-1], milestones["occurred_at"][0]
    return f"Completed {', '.join(counts)} between {first:%-d %B %Y} and {last:%-d %B %Y}."
