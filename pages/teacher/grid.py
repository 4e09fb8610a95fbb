"""The grid that records one module for a whole class: a line per learner; those with something typed are saved."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.teacher.drafts import Draft, draft_of, keep_outcomes, start_draft
from pages.teacher.entries import save
from pages.teacher.outcomes import standing_text
from progress.entries import STATUSES, Entry

_COLUMNS = {
    "learner_name": st.column_config.TextColumn("Learner", disabled=True, pinned=True, width=150),
    "now": st.column_config.TextColumn("Now", disabled=True, width=130),
    "status": st.column_config.SelectboxColumn("New status", options=list(STATUSES), width=160),
    "score": st.column_config.NumberColumn("Score", width=80),
    "on": st.column_config.DateColumn("Date", format="D MMM YYYY", width=120),
    "note": st.column_config.TextColumn("Note", width="medium"),
}
_TYPED = {"status": pl.String, "score": pl.Float64, "on": pl.Date, "note": pl.String}


def show_grid(viewer: Viewer, class_id: int, module_id: int, learners: pl.DataFrame) -> None:
    """Ask, save the lines with something in them, and go on with those that were refused."""
    scope = f"grid_{class_id}_{module_id}"
    draft = draft_of(scope)
    start = _start(learners, draft)
    with st.form(f"grid_form_{draft.key}"):
        st.caption(
            "Fill in only the learners you want to change. No date means today. “Not started (reset)” needs a note."
        )
        st.data_editor(
            start, key=f"grid_{draft.key}", column_config=_COLUMNS, column_order=list(_COLUMNS), hide_index=True,
            height="content", placeholder="", alt="Learners of the class, with what to record for each",
        )  # fmt: skip
        is_pressed = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if not is_pressed:
        return
    entries = list(_entries(start, st.session_state[f"grid_{draft.key}"]["edited_rows"], module_id))
    if not entries:
        st.info("Nothing to save yet: fill in a status or a score for at least one learner.", icon=":material/info:")
        return
    outcomes = save(viewer, entries, draft.key)
    keep_outcomes(class_id, module_id, outcomes)
    start_draft(scope, [outcome.entry for outcome in outcomes if outcome.is_refused])
    st.rerun()


def _start(learners: pl.DataFrame, draft: Draft) -> pl.DataFrame:
    """A line per learner, empty but for what the draft starts with."""
    rows = [
        {"learner_id": row["learner_id"], "learner_name": row["learner_name"], "now": standing_text(row)}
        | {name: getattr(draft.typed.get(row["learner_id"]), name, None) for name in _TYPED}
        for row in learners.rows(named=True)
    ]
    return pl.DataFrame(rows, schema_overrides=_TYPED)


def _entries(start: pl.DataFrame, edited: dict[int, dict[str, Any]], module_id: int) -> Iterator[Entry]:
    for place, row in enumerate(start.rows(named=True)):
        typed = row | edited.get(place, {})
        entry = Entry(
            row["learner_id"], module_id, typed["status"], typed["score"], _day(typed["on"]), _text(typed["note"])
        )
        if not entry.is_blank:
            yield entry


def _day(value: str | date | None) -> date | None:
    """Edited cells come as ISO text."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _text(value: str | None) -> str | None:
    return (value or "").strip() or None
