"""Learners who dropped the course: named, with nothing to record, and taken back by those who may."""

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.widgets.learner.taking_back import offer_to_take_back, show_last_taken_back
from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import day_text


def show_dropped(viewer: Viewer, enrolled: pl.DataFrame) -> None:
    """Nothing where nobody dropped it. `enrolled` as from `course_progress`; `viewer` with all of their roles."""
    show_last_taken_back()
    dropped = enrolled.filter(enrolment_status="dropped").rows(named=True)
    if not dropped:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(":material/block: **Dropped: nothing is recorded for them**")
        for row in dropped:
            name = plain(row["learner_name"])
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{name} · dropped on {day_text(row['dropped_at'], viewer.time_zone)}", width="stretch")
                offer_to_take_back(viewer, row, f"Take {name} back…")
        if not viewer.sees_everyone:
            st.caption("Ask your school’s administrator to take someone back. What was recorded before is kept.")
