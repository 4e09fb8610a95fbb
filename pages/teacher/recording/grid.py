"""The grid that records one module for a whole class: a line per learner; those with something typed are saved."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.teacher.recording.drafts import GridDraft, grid_draft, keep_submission, keep_typed, start_grid
from pages.teacher.recording.effects import standing_text
from pages.widgets.words.percentages import plural
from progress.recording.entries import STATUSES, Entry
from progress.recording.saving import save_entries

_COLUMNS = {
    "learner_name": st.column_config.TextColumn("Learner", disabled=True, pinned=True, width=150),
    "now": st.column_config.TextColumn("Now", disabled=True, width=130),
    "status": st.column_config.SelectboxColumn("New status", options=list(STATUSES), width=160),
    "score": st.column_config.NumberColumn("Score", width=80),
    "on": st.column_config.DateColumn("Date", format="D MMM YYYY", width=120),
    "note": st.column_config.TextColumn("Note", width="medium"),
}
_TYPED = {"status": pl.String, "score": pl.Float64, "on": pl.Date, "note": pl.String}


def show_grid(viewer: Viewer, module: dict[str, Any], learners: pl.DataFrame) -> None:
    """Ask, save the lines with something in them, and go on with those that were refused.

    `module` as from `class_modules`, `learners` as from `module_progress`: those for whom something can be recorded.
    """
    class_id, module_id = module["class_id"], module["module_id"]
    draft = grid_draft(
        class_id, module_id, f"{module['class_name']} · {module['unit_title']} · {module['module_title']}"
    )
    if draft.editor not in st.session_state:  # the grid was not there in the last run: nothing is half typed
        draft.turn, draft.rows = draft.turn + 1, _rows(learners, draft)
    with st.container(border=True):
        st.caption(
            "Fill in only the learners you want to change. No date means today. “Not started (reset)” needs a note."
        )
        st.data_editor(
            draft.rows, key=draft.editor, column_config=_COLUMNS, column_order=list(_COLUMNS), hide_index=True,
            height="content", placeholder="", alt="Learners of the class, with what to record for each",
            on_change=_keep_typed, args=(draft, class_id, module_id),
        )  # fmt: skip
        is_pressed = _show_buttons(class_id, module_id, draft)
    if is_pressed and draft.typed:
        _save(viewer, class_id, module_id, draft, learners)
    elif is_pressed:
        st.info("Nothing to save yet: fill in a status or a score for at least one learner.", icon=":material/info:")


def _show_buttons(class_id: int, module_id: int, draft: GridDraft) -> bool:
    """Whether to save; next to it what is not saved yet, and the button to discard it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        is_pressed = st.button("Save", type="primary", icon=":material/save:", key=f"save_{draft.key}")
        if draft.typed:
            st.button(
                "Discard", icon=":material/delete:", key=f"discard_{draft.key}", on_click=start_grid,
                args=(class_id, module_id),
            )  # fmt: skip
            st.caption(f"Not saved yet: {plural(len(draft.typed), 'learner')}. It waits here while you go elsewhere.")
    return is_pressed


def _save(viewer: Viewer, class_id: int, module_id: int, draft: GridDraft, learners: pl.DataFrame) -> None:
    outcomes = save_entries(viewer, list(draft.typed.values()), draft.key, open_to=learners["learner_id"].to_list())
    keep_submission(class_id, module_id, outcomes, learners)
    start_grid(class_id, module_id, [outcome.entry for outcome in outcomes if outcome.is_refused])
    st.rerun()


def _rows(learners: pl.DataFrame, draft: GridDraft) -> pl.DataFrame:
    """A line per learner, empty but for what was typed before."""
    rows = [
        {"learner_id": row["learner_id"], "learner_name": row["learner_name"], "now": standing_text(row)}
        | {name: getattr(draft.typed.get(row["learner_id"]), name, None) for name in _TYPED}
        for row in learners.rows(named=True)
    ]
    return pl.DataFrame(rows, schema_overrides=_TYPED)


def _keep_typed(draft: GridDraft, class_id: int, module_id: int) -> None:
    edited = st.session_state[draft.editor]["edited_rows"]
    keep_typed(class_id, module_id, _entries(draft.rows, edited, module_id))


def _entries(rows: pl.DataFrame, edited: dict[int, dict[str, Any]], module_id: int) -> Iterator[Entry]:
    for place, row in enumerate(rows.rows(named=True)):
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
