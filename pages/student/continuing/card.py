"""The card that the student's home begins with: the next thing, one click away."""

import polars as pl
import streamlit as st

from pages.student.continuing.next_step import action_text, go_to, reason_text
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.words.markdown import icon, plain, small


def show_continue(steps: pl.DataFrame) -> None:
    """The first row of `continue_watching`, or that there is none."""
    if steps.is_empty():
        show_nothing_yet("Everything that is open is complete", "What opens next will appear here.")
        return
    step = steps.row(0, named=True)
    with (
        st.container(border=True, key="continue"),
        st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"),
    ):
        with st.container(gap=None, width=460):
            st.header("Continue", anchor=False)
            what = f"**{plain(step['module_title'])}** {small(plain(step['course_title']))}"
            st.markdown(f"{what}  \n{reason_text(step)}")
        sign = icon("play_arrow" if step["module_kind"] == "lecture" else "arrow_forward")
        if st.button(action_text(step), type="primary", icon=sign, key="continue_button"):
            go_to(step)
