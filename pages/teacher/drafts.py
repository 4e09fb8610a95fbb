"""What is being typed, and what became of the last submission, for as long as the browser's session lasts.

A draft names one thing to be saved: its key is in the names of the widgets and in the event ids. A refused draft goes
on, so nothing typed is lost; once a draft is saved the next one starts. A second click still carries the old draft.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import streamlit as st

from pages.teacher.entries import Outcome
from progress.entries import Entry

_FORM, _GRIDS, _LAST = "form_draft", "grid_drafts", "last_submission"


@dataclass
class GridDraft:
    """The marks typed for a class in a module, by learner, until they are saved or discarded.

    `rows` are the lines as the grid was last drawn anew: they stay as they are while someone types in them, since the
    browser knows a line by its place alone. `turn` counts how often that was.
    """

    place: str
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    typed: dict[int, Entry] = field(default_factory=dict)
    rows: pl.DataFrame = field(default_factory=pl.DataFrame)
    turn: int = 0

    @property
    def editor(self) -> str:
        """The name of the widget that shows the rows."""
        return f"grid_{self.key}_{self.turn}"


@dataclass(frozen=True)
class Submission:
    """What became of the last submission; `before` holds the rows of `module_progress` just before it, by learner."""

    class_id: int
    module_id: int
    outcomes: Sequence[Outcome]
    before: Mapping[int, dict[str, Any]]


def form_draft() -> str:
    """The key of the form that is being filled in."""
    key: str = st.session_state.setdefault(_FORM, uuid.uuid4().hex)
    return key


def start_form() -> None:
    st.session_state[_FORM] = uuid.uuid4().hex


def grid_draft(class_id: int, module_id: int, place: str) -> GridDraft:
    """The open draft of this class and module; `place` is what they are called."""
    draft = grid_drafts().setdefault((class_id, module_id), GridDraft(place))
    draft.place = place
    return draft


def grid_drafts() -> dict[tuple[int, int], GridDraft]:
    """The drafts by class and module."""
    drafts: dict[tuple[int, int], GridDraft] = st.session_state.setdefault(_GRIDS, {})
    return drafts


def mark_unsaved() -> None:
    """To be called on every page: while marks wait, the browser asks before it leaves (`api/assets/pages.js`)."""
    if any(draft.typed for draft in grid_drafts().values()):
        st.html("<span data-waymark-unsaved></span>")


def start_grid(class_id: int, module_id: int, typed: Iterable[Entry] = ()) -> None:
    """Begin a new draft with these entries in it."""
    old = grid_drafts()[class_id, module_id]
    grid_drafts()[class_id, module_id] = GridDraft(old.place, typed={entry.learner_id: entry for entry in typed})


def keep_submission(class_id: int, module_id: int, outcomes: Sequence[Outcome], learners: pl.DataFrame) -> None:
    """`learners` as from `module_progress`, before anything was saved."""
    before = {row["learner_id"]: row for row in learners.rows(named=True)}
    st.session_state[_LAST] = Submission(class_id, module_id, outcomes, before)


def last_submission(class_id: int, module_id: int) -> Submission | None:
    """The last submission, if it was for this class and module."""
    kept: Submission | None = st.session_state.get(_LAST)
    return kept if kept and (kept.class_id, kept.module_id) == (class_id, module_id) else None
