"""What is being typed, for as long as its sign-in lasts and the server runs; and what became of the last submission.

A draft names one thing to be saved: its key is in the names of the widgets and in the event ids. A refused draft goes
on, so nothing typed is lost; once a draft is saved the next one starts. A second click still carries the old draft.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from data.notices import notify_others, on_notice
from progress.people.sign_in import SESSION_COOKIE, token_mark
from progress.recording.entries import Entry
from progress.recording.saving import Outcome

_DRAFTS, _LAST = "drafts", "last_submission"
_TYPED = "typed"  # the notice to other processes


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


@dataclass
class _Drafts:
    """The key of the form that is being filled in, and the drafts of grids by class and module."""

    form: str = field(default_factory=lambda: uuid.uuid4().hex)
    grids: dict[tuple[int, int], GridDraft] = field(default_factory=dict)


def form_draft() -> str:
    """The key of the form that is being filled in."""
    return _drafts().form


def start_form() -> None:
    _drafts().form = _kept(_sign_in()).form = uuid.uuid4().hex
    _tell_others()


def grid_draft(class_id: int, module_id: int, place: str) -> GridDraft:
    """The open draft of this class and module; `place` is what they are called."""
    draft = grid_drafts().setdefault((class_id, module_id), GridDraft(place))
    draft.place = place
    return draft


def grid_drafts() -> dict[tuple[int, int], GridDraft]:
    """The drafts by class and module."""
    return _drafts().grids


def keep_typed(class_id: int, module_id: int, typed: Iterable[Entry]) -> None:
    """These are the marks in the open draft by now."""
    draft = grid_drafts()[class_id, module_id]
    draft.typed = {entry.learner_id: entry for entry in typed}
    _kept(_sign_in()).grids[class_id, module_id] = replace(draft)
    _tell_others()


def start_grid(class_id: int, module_id: int, typed: Iterable[Entry] = ()) -> None:
    """Begin a new draft with these entries in it."""
    grid_drafts()[class_id, module_id] = GridDraft(grid_drafts()[class_id, module_id].place)
    keep_typed(class_id, module_id, typed)


def mark_unsaved() -> None:
    """Call on every page: while marks wait, the browser asks before it leaves (`api/entrance/assets/pages.js`)."""
    if any(draft.typed for draft in grid_drafts().values()):
        st.html("<span data-waymark-unsaved></span>")


def _drafts() -> _Drafts:
    """This page's own, begun with what the sign-in has typed so far."""
    if _DRAFTS not in st.session_state:
        kept = _kept(_sign_in())
        st.session_state[_DRAFTS] = _Drafts(kept.form, {place: replace(draft) for place, draft in kept.grids.items()})
    drafts: _Drafts = st.session_state[_DRAFTS]
    return drafts


@st.cache_resource(ttl=timedelta(days=1), max_entries=1_000, show_spinner=False)
def _kept(sign_in: str) -> _Drafts:
    """What a sign-in has typed, for its next page: Streamlit forgets a page whose connection is lost for a moment."""
    return _Drafts()


def _tell_others() -> None:
    """The next page of this sign-in may run in another process of the server."""
    notify_others(_TYPED, (_sign_in(), _kept(_sign_in())))


def _keep_as_told(told: tuple[str, _Drafts]) -> None:
    sign_in, drafts = told
    kept = _kept(sign_in)
    kept.form, kept.grids = drafts.form, drafts.grids


on_notice(_TYPED, _keep_as_told)


def _sign_in() -> str:
    return token_mark(st.context.cookies.get(SESSION_COOKIE, ""))


def keep_submission(class_id: int, module_id: int, outcomes: Sequence[Outcome], learners: pl.DataFrame) -> None:
    """`learners` as from `module_progress`, before anything was saved."""
    before = {row["learner_id"]: row for row in learners.rows(named=True)}
    st.session_state[_LAST] = Submission(class_id, module_id, outcomes, before)


def last_submission(class_id: int, module_id: int) -> Submission | None:
    """The last submission, if it was for this class and module."""
    kept: Submission | None = st.session_state.get(_LAST)
    return kept if kept and (kept.class_id, kept.module_id) == (class_id, module_id) else None
