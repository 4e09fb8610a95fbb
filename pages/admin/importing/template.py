"""The template of a progress spreadsheet to download, with a course's learners and modules to copy from on request."""

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.widgets.words.markdown import one_line
from progress.importers.spreadsheet.template import ToCopy, spreadsheet_template
from queries.course_progress import course_progress
from queries.course_structure import courses, modules
from queries.people import people

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer_template(viewer: Viewer) -> None:
    """The choice of a course, and the template in both formats."""
    names = {row["course_id"]: row["course_title"] for row in courses(viewer).iter_rows(named=True)}
    course_id = None
    if names:
        course_id = st.selectbox(
            "Template with the learners and modules of",
            list(names),
            index=None,
            format_func=lambda each: one_line(names[each]),
            placeholder="No course",
            key="import_template_course",
            width=360,
        )
    with st.container(horizontal=True):
        st.download_button(
            "Excel template",
            spreadsheet_template("xlsx", to_copy_from(viewer, course_id) if course_id else None),
            file_name="progress.xlsx",
            mime=_EXCEL,
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "CSV template",
            spreadsheet_template("csv"),
            file_name="progress.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def to_copy_from(viewer: Viewer, course_id: int) -> ToCopy:
    """How the course, those who learn in it and what can be recorded in are called in a spreadsheet."""
    course = courses(viewer).filter(course_id=course_id).row(0, named=True)
    enrolled = course_progress(viewer, course_id=course_id).select("learner_id", "learner_name")
    called = people(viewer).select(
        pl.col("user_id").alias("learner_id"), pl.coalesce("external_id", "username", "email").alias("called")
    )
    learners = enrolled.join(called, on="learner_id", maintain_order="left").drop_nulls("called")
    recordable = modules(viewer, course_id).filter(pl.col("availability").is_in(["open", "upcoming"]))
    return ToCopy(
        course=course["course_external_id"] or course["course_title"],
        learners=learners.select("called", "learner_name").rows(),
        modules=recordable["module_title"].to_list(),
    )
