"""One lecture: its video at the second where I stopped, and what of it I have watched."""

from typing import Any

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.student.continuing.next_step import COURSE_PAGE, show_next, was_sent_to_play
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.layout.page import show_heading
from pages.widgets.lecture_player import playable, show_lecture_player
from pages.widgets.running.viewer import current_viewer
from pages.widgets.words.markdown import icon, plain
from pages.widgets.words.titles import add_to_title
from queries.lecture import lecture
from queries.next_module import continue_watching

HOME = "student/my_courses.py"
Row = dict[str, Any]


def asked_for(viewer: Viewer) -> pl.DataFrame:
    """The viewer's lecture that the address names; empty for whatever they may not see or does not exist."""
    asked = st.query_params.get("module", "")
    module_id = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
    return lecture(viewer, viewer.user_id, module_id)


def show_unknown(viewer: Viewer) -> None:
    show_heading(viewer, "Lecture")
    show_nothing_yet("There is no such lecture for you", "It may not be open yet. Your courses show what is.")
    st.page_link(HOME, label="My courses", icon=icon("arrow_back"))


@st.fragment
def show_lecture(plays_at_once: bool) -> None:
    """Runs alone whenever the player says that there is something new to read; the video plays on."""
    viewer = current_viewer()
    found = asked_for(viewer)
    if found.is_empty():
        st.info("This lecture is no longer open.", icon=icon("info"))
        return
    row = found.row(0, named=True)
    if playable(row["media_url"]) is None:
        st.info("This lecture is watched elsewhere. What you have watched there shows here.", icon=icon("open_in_new"))
    show_lecture_player(viewer, row, plays_at_once=plays_at_once)
    show_ways_on(viewer, row)


def show_ways_on(viewer: Viewer, row: Row) -> None:
    """What comes next in the course once it is not this lecture, and the way back."""
    steps = continue_watching(viewer, viewer.user_id).filter(course_id=row["course_id"])
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        for step in steps.filter(pl.col("module_id") != row["module_id"]).iter_rows(named=True):
            show_next(step, is_primary=row["status"] == "completed")
        query = {"course": str(row["course_id"]), "unit": str(row["unit_id"])}
        st.page_link(COURSE_PAGE, label=plain(row["course_title"]), icon=icon("arrow_back"), query_params=query)


viewer = current_viewer()
first = asked_for(viewer)
if first.is_empty():
    show_unknown(viewer)
    st.stop()
about = first.row(0, named=True)
show_heading(viewer, about["module_title"], f"{plain(about['course_title'])} · {plain(about['unit_title'])}")
add_to_title(about["module_title"])
show_lecture(was_sent_to_play(about["module_id"]))
