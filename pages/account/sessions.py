"""In which browsers am I signed in, since when, and from where? Ending one, or all the others."""

import streamlit as st

from data.viewer import Viewer
from pages.widgets.layout.page import show_heading
from pages.widgets.running.viewer import SIGN_OUT_URL, current_viewer, show_links
from pages.widgets.words.markdown import plain, small
from pages.widgets.words.percentages import minute_text, plural
from progress.people.own_sessions import SessionFacts, UnknownSession, end_other_sessions, end_session, own_sessions
from progress.people.sign_in import SESSION_COOKIE

_KEY = "last_ended_session"


def show_session(viewer: Viewer, session: SessionFacts) -> None:
    name = plain(session.browser or "An unknown browser")
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="content"):
            st.markdown(f"**{name}**{' · this browser' if session.is_this else ''}")
            st.markdown(small(plain(_history(viewer, session))))
        if session.is_this:
            show_links({"Sign out": SIGN_OUT_URL})
        elif st.button(f"End {name}", key=f"end_{session.id}", help=f"Signed in {_since(viewer, session)}"):
            _end(viewer, session, name)


def _end(viewer: Viewer, session: SessionFacts, name: str) -> None:
    try:
        end_session(viewer, session.id)
    except UnknownSession as over:
        st.session_state[_KEY] = str(over)
    else:
        st.session_state[_KEY] = f"{name} is signed out."
    st.rerun()


def _history(viewer: Viewer, session: SessionFacts) -> str:
    seen = f"last seen {minute_text(session.last_seen_at, viewer.time_zone)}"
    place = f"from the network {session.address}" if session.address else "from an unknown network"
    return f"Signed in {_since(viewer, session)}, {seen}, {place}"


def _since(viewer: Viewer, session: SessionFacts) -> str:
    return minute_text(session.created_at, viewer.time_zone)


viewer = current_viewer()
show_heading(viewer, "Where you are signed in", "Every browser with an open session of yours")
st.markdown(
    "If you do not know one of these browsers, end it and [change your password](/auth/password): "
    "that ends all the others, and the access of programs."
)
if words := st.session_state.pop(_KEY, None):
    st.success(words, icon=":material/check_circle:")
token = st.context.cookies.get(SESSION_COOKIE)
sessions = own_sessions(viewer, token)
for session in sessions:
    show_session(viewer, session)
if len(sessions) > 1 and st.button("End all others"):
    st.session_state[_KEY] = f"{plural(end_other_sessions(viewer, token), 'other session')} ended."
    st.rerun()
