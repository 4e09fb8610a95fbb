"""The form that adds a person."""

from typing import Any

import streamlit as st

from data.viewer import Viewer
from pages.admin.accounts.changes import change
from pages.admin.accounts.roles import ask_roles
from pages.widgets.words.markdown import plain
from progress.people.administering import add_person
from progress.people.passwords import MINIMUM_PASSWORD_LENGTH


def show_new_person_form(viewer: Viewer) -> None:
    """Ask and add; when it is refused, what was typed stays. Afterwards the new person's page opens."""
    with st.form("new_person", width=560):
        full_name = st.text_input("Full name", max_chars=200)
        roles = ask_roles()
        st.caption("Without a username and a password a person is in the record but cannot sign in.")
        username = st.text_input("Username", autocomplete="off")
        password = st.text_input(
            f"First password (at least {MINIMUM_PASSWORD_LENGTH} characters; they choose another when they sign in)",
            type="password",
            autocomplete="new-password",
        )
        email = st.text_input("E-mail", type="email", autocomplete="off")
        is_pressed = st.form_submit_button("Add", type="primary", icon=":material/person_add:")
    if is_pressed and not (full_name or "").strip():
        st.error("Give the person’s full name.", icon=":material/error:")
    elif is_pressed:
        _add(viewer, full_name, username=username or None, password=password or None, email=email or None, roles=roles)


def _add(viewer: Viewer, full_name: str, **details: Any) -> None:
    added: list[int] = []
    words = f"{plain(full_name.strip())} was added."
    if change(words, lambda: added.append(add_person(viewer, full_name, **details))):
        st.switch_page("admin/person.py", query_params={"person": str(added[0])})
