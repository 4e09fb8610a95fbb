"""What is being typed, and what became of the last submission, for as long as the browser's session lasts.

A draft names one thing to be saved: its key is in the names of the widgets and in the event ids. A refused draft goes
on, so nothing typed is lost; once a draft is saved the next one starts. A second click still carries the old draft.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.teacher.entries import Outcome
from progress.entries import Entry


@dataclass(frozen=True)
class Draft:
    """`typed` holds the entries with which the draft starts, by learner."""

    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    typed: dict[int, Entry] = field(default_factory=dict)


def draft_of(scope: str) -> Draft:
    """The open draft of this form or grid."""
    draft: Draft = st.session_state.setdefault(f"draft_{scope}", Draft())
    return draft


def start_draft(scope: str, typed: Sequence[Entry] = ()) -> None:
    st.session_state[f"draft_{scope}"] = Draft(typed={entry.learner_id: entry for entry in typed})


def keep_outcomes(class_id: int, module_id: int, outcomes: Sequence[Outcome]) -> None:
    st.session_state["outcomes"] = (class_id, module_id, list(outcomes))


def last_outcomes(class_id: int, module_id: int) -> list[Outcome]:
    """What became of the last submission, if it was for this class and module."""
    kept: tuple[int, int, list[Outcome]] | None = st.session_state.get("outcomes")
    return kept[2] if kept and kept[:2] == (class_id, module_id) else []
