"""The programs that someone has given access to: what each may do, when it last did, and the way to end it."""

import streamlit as st

from data.viewer import Viewer
from pages.account.programs.scopes import scopes_text
from pages.widgets.layout.cards import show_nothing_yet
from pages.widgets.words.markdown import plain, small
from pages.widgets.words.percentages import day_text, minute_text
from progress.people.access_tokens import TokenFacts, tokens_of
from progress.people.own_tokens import revoke_own_token

_KEY = "last_revocation"


def show_programs(viewer: Viewer) -> None:
    st.header("Programs with access", anchor=False)
    tokens = [token for token in tokens_of(viewer.user_id) if token.state != "revoked"]
    if not tokens:
        show_nothing_yet("No program has access", "Nothing and nobody acts as you but yourself.")
    for token in tokens:
        _show_program(viewer, token)


def show_last_revocation() -> None:
    """What was revoked last, once."""
    if words := st.session_state.pop(_KEY, None):
        st.success(words, icon=":material/check_circle:")


def _show_program(viewer: Viewer, token: TokenFacts) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="content"):
            st.markdown(f"**{plain(token.name)}** · begins with `{token.hint}`")
            st.markdown(f"{scopes_text(token.scopes)}. {_until(viewer, token)}")
            st.markdown(small(plain(_history(viewer, token))))
        if st.button(f"Revoke {plain(token.name)}…", key=f"revoke_{token.id}"):
            _ask_to_revoke(viewer, token)


@st.dialog("Revoke this access?")
def _ask_to_revoke(viewer: Viewer, token: TokenFacts) -> None:
    name = plain(token.name)
    st.markdown(
        f"{name} will be refused from its next request on. This cannot be undone, but you can make a new access."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel"):
            st.rerun()
        is_confirmed = st.button("Revoke", type="primary")
    if is_confirmed:
        revoke_own_token(viewer, token.id)
        st.session_state[_KEY] = f"{name} has no access any more."
        st.rerun()


def _until(viewer: Viewer, token: TokenFacts) -> str:
    day = day_text(token.expires_at, viewer.time_zone)
    return f"Works until {day}." if token.state == "active" else f":red[Expired on {day}.]"


def _history(viewer: Viewer, token: TokenFacts) -> str:
    made = f"Made on {day_text(token.created_at, viewer.time_zone)}"
    used = f"last used {minute_text(token.last_used_at, viewer.time_zone)}" if token.last_used_at else "never used"
    return f"{made}, {used}"
