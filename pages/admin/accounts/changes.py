"""Carrying out a change about people, and saying in words what was changed or why it was not."""

from collections.abc import Callable

import streamlit as st

from progress.audit.noting import ImpossibleDays
from progress.people.accounts import (
    InvalidUsername,
    LastAdministrator,
    OwnGuardian,
    UnknownRole,
    UnknownUserId,
    UsernameTaken,
)
from progress.people.passwords import REFUSED_PASSWORDS

_KEY = "last_change"
_REFUSALS = (
    ImpossibleDays, InvalidUsername, LastAdministrator, OwnGuardian, UnknownRole, UnknownUserId, UsernameTaken,
    *REFUSED_PASSWORDS,
)  # fmt: skip


def change(words: str, act: Callable[[], object]) -> bool:
    """Carry it out; returns whether it was done. A refusal is shown where the run stands.

    `words` say what was changed, on the next run.
    """
    try:
        act()
    except _REFUSALS as refusal:
        st.error(str(refusal), icon=":material/error:")
        return False
    st.session_state[_KEY] = words
    return True


def show_last_change() -> None:
    """What the last change was, once."""
    words = st.session_state.pop(_KEY, None)
    if words:
        st.success(words, icon=":material/check_circle:")
