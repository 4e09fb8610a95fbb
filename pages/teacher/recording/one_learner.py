"""The form that records one learner's progress in one module."""

from datetime import date

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.teacher.recording.drafts import form_draft, keep_submission, start_form
from pages.widgets.words.markdown import one_line
from progress.recording.entries import RESET, STATUSES, Entry
from progress.recording.saving import save_entries


def show_form(viewer: Viewer, class_id: int, module_id: int, learners: pl.DataFrame) -> None:
    """Ask, save, and start afresh; when it is refused, what was typed stays. `learners` as from `module_progress`."""
    draft = form_draft()
    today = viewer.today()
    with st.form(f"form_{draft}"):
        entry = _ask(draft, module_id, dict(learners.select("learner_id", "learner_name").rows()), today)
        is_pressed = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if not is_pressed:
        return
    if entry is None:
        st.error("Choose a learner.", icon=":material/error:")
        return
    outcomes = save_entries(viewer, [entry], draft, open_to=learners["learner_id"].to_list())
    keep_submission(class_id, module_id, outcomes, learners)
    if not outcomes[0].is_refused:
        start_form()
    st.rerun()


def _ask(draft: str, module_id: int, names: dict[int, str], today: date) -> Entry | None:
    """The fields of the form; nothing without a learner.

    The fields themselves refuse no date and no score. A field that refuses shows what was typed but sends the value
    that it had before, or keeps the button from doing anything.
    """
    left, right = st.columns(2)
    learner_id = left.selectbox(
        "Learner", list(names), index=None, format_func=lambda each: one_line(names[each]),
        placeholder="Choose a learner", key=f"learner_{draft}",
    )  # fmt: skip
    status = right.selectbox("Status", list(STATUSES), key=f"status_{draft}")
    score = left.number_input(
        "Score (0–100)", value=None, step=1.0, format="%g", key=f"score_{draft}", placeholder="Empty: not assessed"
    )
    on = right.date_input("Date", today, date.min, date.max, format="DD/MM/YYYY", key=f"on_{draft}")
    note = st.text_input(
        "Note", key=f"note_{draft}", max_chars=500, placeholder=f"For “{RESET}”, say why",
    )  # fmt: skip
    return None if learner_id is None else Entry(learner_id, module_id, status, score, on, note.strip() or None)
