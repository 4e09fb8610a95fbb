"""Who is looking at this page. Asked anew on every run, so that signing out or losing a role takes effect at once."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from data.viewer import Viewer
from progress.people.sign_in import SESSION_COOKIE, signed_in_viewer

SIGN_IN_URL = "/auth/login"
SIGN_OUT_URL = "/auth/sign-out"


def current_viewer() -> Viewer:
    """The signed-in person; without a valid session the run ends here with a way to sign in again."""
    viewer = signed_in_viewer(st.context.cookies.get(SESSION_COOKIE))
    if viewer is None:
        _ask_to_sign_in()
        st.stop()
    return viewer


def as_teacher(viewer: Viewer) -> Viewer:
    """The same person without an administrator's eyes: a teacher's pages are about the classes that they teach."""
    return replace(viewer, roles=viewer.roles - {"administrator"})


def as_parent(viewer: Viewer) -> Viewer:
    """The same person as a parent only: those who also teach or administer see just their children here."""
    return replace(viewer, roles=frozenset({"parent"}), learner_ids=frozenset(viewer.child_ids), class_ids=())


def _ask_to_sign_in() -> None:
    st.title("You are signed out")
    st.markdown("Your session has ended. Sign in again to go on; nothing that was recorded is lost.")
    show_links({"Sign in": SIGN_IN_URL})


def show_links(urls: Mapping[str, str]) -> None:
    """Plain links by their labels, one below the other, that open in the same tab (Streamlit's own open a new one)."""
    links = (f'<a href="{url}" style="color: inherit; font-size: 0.875rem">{label}</a>' for label, url in urls.items())
    st.html(f'<div style="display: grid; justify-items: start; gap: 1rem">{"".join(links)}</div>')
