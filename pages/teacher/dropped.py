"""Learners who dropped the course: named, with nothing to record, and taken back by those who may."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import streamlit as st

from data.record import current_record
from data.viewer import Viewer
from pages.widgets.markdown import plain
from pages.widgets.percentages import day_text
from progress.enrolment import NotLearners, enrol
from queries.people import NotAllowed

_KEY = "taken_back"


def show_dropped(viewer: Viewer, enrolled: pl.DataFrame) -> None:
    """Nothing where nobody dropped it. `enrolled` as from `course_progress`; `viewer` with all of their roles."""
    if words := st.session_state.pop(_KEY, None):
        st.success(words, icon=":material/check_circle:")
    dropped = enrolled.filter(enrolment_status="dropped").rows(named=True)
    if not dropped:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(":material/block: **Dropped: nothing is recorded for them**")
        for row in dropped:
            _show_learner(viewer, row)
        if not viewer.sees_everyone:
            st.caption("Ask your school’s administrator to take someone back. What was recorded before is kept.")


def _show_learner(viewer: Viewer, row: dict[str, Any]) -> None:
    name = plain(row["learner_name"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{name} · dropped on {day_text(row['dropped_at'], viewer.time_zone)}", width="stretch")
        if viewer.sees_everyone and st.button(f"Take {name} back…", key=f"take_back_{row['learner_id']}"):
            _ask_to_take_back(viewer, row)


@st.dialog("Take back into the course?")
def _ask_to_take_back(viewer: Viewer, row: dict[str, Any]) -> None:
    name = plain(row["learner_name"])
    st.markdown(f"{name} counts in the course again from now on, with everything that was recorded before.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel"):
            st.rerun()
        is_confirmed = st.button("Take back", type="primary")
    if is_confirmed:
        _take_back(viewer, row, name)


def _take_back(viewer: Viewer, row: dict[str, Any], name: str) -> None:
    if not viewer.sees_everyone:
        raise NotAllowed(viewer.user_id)
    try:
        with current_record().writing(by=viewer.user_id) as tx:
            enrol(tx, [row["learner_id"]], row["course_id"], datetime.now(UTC))
    except NotLearners:
        st.error(f"{name} is no student any more. Give back that role first, on the page “People”.")
        return
    st.session_state[_KEY] = f"{name} is in the course again."
    st.rerun()
