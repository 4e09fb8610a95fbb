"""A card per class: how many learners, how far they have come, and the way into the class."""

from typing import Any

import polars as pl
import streamlit as st

from pages.widgets.words.markdown import plain
from pages.widgets.words.means import OF_MODULES, mean_text


def show_class_cards(frame: pl.DataFrame) -> None:
    """One card per row of `class_progress`."""
    st.header("Your classes", anchor=False)
    with st.grid("auto", min_column_width=320, gap="small"):
        for row in frame.rows(named=True):
            _show_class(row)


def _show_class(row: dict[str, Any]) -> None:
    with st.container(border=True, height="stretch", gap="small"):
        st.page_link(
            "teacher/class_progress.py",
            label=f"**{plain(row['class_name'])}**",
            icon=":material/chevron_right:",
            icon_position="right",
            query_params={"class": str(row["class_id"])},
            help="",
        )
        st.caption(plain(row["course_title"]))
        with st.container(horizontal=True, gap="large"):
            st.metric("Mean", mean_text(row["mean_modules_percentage"]), width="content", help=OF_MODULES)
            st.metric("Median", mean_text(row["median_modules_percentage"]), width="content", help=OF_MODULES)
            st.metric("Learners (n)", row["learners_count"], width="content")
        st.caption(_counts_text(row))


def _counts_text(row: dict[str, Any]) -> str:
    counts = [
        (row["active_learners_count"], "active this week"),
        (row["completed_learners_count"], "completed"),
        (row["not_started_learners_count"], "not started"),
        (row["dropped_learners_count"], "dropped"),
    ]
    return " · ".join(f"{count:,} {word}" for count, word in counts if count)
