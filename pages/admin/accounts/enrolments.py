"""The courses of one person, how they stand in each, and the way back into one that they dropped."""

from typing import Any

import streamlit as st

from data.viewer import Viewer
from pages.widgets.learner.taking_back import offer_to_take_back
from pages.widgets.words.markdown import plain
from pages.widgets.words.status import course_status
from queries.course_progress import course_progress


def show_enrolments(viewer: Viewer, row: dict[str, Any]) -> None:
    """Nothing for someone who was never in a course. `row` as from `person`."""
    courses = course_progress(viewer, learner_id=row["user_id"])
    if courses.is_empty():
        return
    with st.container(border=True, height="stretch"):
        st.header("Courses", anchor=False)
        for course in courses.rows(named=True):
            title = plain(course["course_title"])
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{title}**  \n{course_status(course, viewer.time_zone)}", width="stretch")
                if course["enrolment_status"] == "dropped":
                    offer_to_take_back(viewer, course, f"Take back into {title}…")
