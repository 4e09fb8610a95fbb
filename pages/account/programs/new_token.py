"""The form that makes an access token, and the only place where one is ever shown.

A new token stands in no session state: the run that makes it shows it, and the next run no longer knows it.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import streamlit as st

from data.viewer import Viewer
from pages.account.programs.scopes import scopes_open_to
from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import day_text
from progress.people.access_tokens import (
    LONGEST_NAME,
    USUAL_DAYS,
    ImpossibleExpiry,
    NamelessToken,
    NoSuchOwner,
    OnlyForAdministrators,
    TooManyTokens,
    UnknownScopes,
)
from progress.people.guesses import TooManyGuesses
from progress.people.own_password import WrongOwnPassword
from progress.people.own_tokens import make_own_token

_DAYS = {7: "A week", 30: "30 days", USUAL_DAYS: f"{USUAL_DAYS} days", 365: "A year"}
_REFUSALS = (
    ImpossibleExpiry, NamelessToken, NoSuchOwner, OnlyForAdministrators, TooManyGuesses, TooManyTokens, UnknownScopes,
    WrongOwnPassword,
)  # fmt: skip


def show_new_token_form(viewer: Viewer) -> None:
    """Ask, make the token and show it; when it is refused, what was typed stays."""
    with st.form("new_token", width=560):
        st.header("New access", anchor=False)
        name = st.text_input("Which program is it for?", max_chars=LONGEST_NAME, autocomplete="off")
        st.caption("It may:")
        offered = scopes_open_to(viewer)
        scopes = [scope for scope, words in offered.items() if st.checkbox(words, scope == "read")]
        days = st.selectbox("For how long?", list(_DAYS), list(_DAYS).index(USUAL_DAYS), format_func=_DAYS.__getitem__)
        password = st.text_input("Your password", type="password", autocomplete="current-password")
        is_pressed = st.form_submit_button("Make access", type="primary", icon=":material/key:")
    if is_pressed:
        _make(viewer, name, scopes, datetime.now(UTC) + timedelta(days=days), password or "")


def _make(viewer: Viewer, name: str, scopes: list[str], expires_at: datetime, password: str) -> None:
    try:
        new = make_own_token(viewer, password, name, scopes, expires_at)
    except _REFUSALS as refusal:
        st.error(str(refusal), icon=":material/error:")
        return
    with st.container(border=True):
        st.header(f"Access for {plain(name.strip())}", anchor=False)
        _show_once(new.token)
        st.markdown(f"It works until {day_text(expires_at, viewer.time_zone)}.")
        if "read" in scopes:
            st.markdown("For example, on a command line with the token in `TOKEN`:")
            st.code(_example(viewer), language="sh", wrap_lines=True)
        st.markdown("What programs can ask and record: [the API’s description](/api/v1/docs).")


def _show_once(token: str) -> None:
    words = "Copy this access token now: it is shown **once**. Keep it like a password; only the program needs it."
    st.warning(words, icon=":material/visibility_off:")
    st.code(token, language=None, wrap_lines=True)


def _example(viewer: Viewer) -> str:
    """A request that this person's token can make, with the token left out: an example is easily passed on."""
    page = urlsplit(st.context.url or "")
    learner = viewer.user_id if "student" in viewer.roles else min(viewer.learner_ids, default="ID")
    return f'curl -H "Authorization: Bearer $TOKEN" {page.scheme}://{page.netloc}/api/v1/users/{learner}/progress'
