"""Taking someone back into a course that they dropped: for administrators, after asking."""

from typing import Any

import streamlit as st

from data.viewer import Viewer
from pages.widgets.words.markdown import plain
from progress.courses.administering import take_back
from progress.courses.enrolment import NotLearners

_KEY = "taken_back"


def offer_to_take_back(viewer: Viewer, row: dict[str, Any], label: str) -> None:
    """A button for administrators, nothing for others. `row` as from `course_progress`, of a dropped enrolment."""
    key = f"take_back_{row['learner_id']}_{row['course_id']}"
    if viewer.sees_everyone and st.button(label, key=key):
        _ask_to_take_back(viewer, row)


def show_last_taken_back() -> None:
    """Who was taken back last, once."""
    if words := st.session_state.pop(_KEY, None):
        st.success(words, icon=":material/check_circle:")


@st.dialog("Take back into the course?")
def _ask_to_take_back(viewer: Viewer, row: dict[str, Any]) -> None:
    name, course = plain(row["learner_name"]), plain(row["course_title"])
    st.markdown(f"{name} counts in {course} again from now on, with everything that was recorded before.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel"):
            st.rerun()
        is_confirmed = st.button("Take back", type="primary")
    if is_confirmed:
        _take_back(viewer, row, name)


def _take_back(viewer: Viewer, row: dict[str, Any], name: str) -> None:
    try:
        take_back(viewer, row["learner_id"], row["course_id"])
    except NotLearners:
        st.error(f"{name} is no student any more. Give back that role first, on the page “People”.")
        return
    st.session_state[_KEY] = f"{name} is in {plain(row['course_title'])} again."
    st.rerun()
