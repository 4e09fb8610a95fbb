"""The forms about one person's account: roles, a new password, closing and opening it."""

from typing import Any

import streamlit as st

from data.viewer import ROLES, Viewer
from pages.admin.accounts.changes import change
from pages.admin.accounts.roles import ask_roles, with_article
from pages.widgets.words.markdown import plain
from progress.people.administering import change_roles, close_account, open_account_again, set_someones_password
from progress.people.passwords import MINIMUM_PASSWORD_LENGTH


def show_roles_form(viewer: Viewer, row: dict[str, Any]) -> None:
    held = list(row["roles"])
    with st.form(f"roles_{row['user_id']}_{'_'.join(held)}", height="stretch"):
        st.header("Roles", anchor=False)
        wanted = ask_roles(held)
        is_pressed = st.form_submit_button("Save roles")
        if is_pressed and change(_roles_words(row, held, wanted), lambda: _set_roles(viewer, row, held, wanted)):
            st.rerun()


def show_password_form(viewer: Viewer, row: dict[str, Any]) -> None:
    with st.form(f"password_{row['user_id']}", clear_on_submit=True, height="stretch"):
        st.header("New password", anchor=False)
        if row["username"] is None:
            st.caption("Without a username this person cannot sign in, whatever the password.")
        label = f"At least {MINIMUM_PASSWORD_LENGTH} characters"
        password = st.text_input(label, type="password", autocomplete="new-password")
        is_pressed = st.form_submit_button("Set password")
        st.caption("They choose one of their own at their next sign-in.")
        words = f"{plain(row['full_name'])} has a new password, and is signed out everywhere, programs included."
        if is_pressed and change(words, lambda: set_someones_password(viewer, row["user_id"], password or "")):
            st.rerun()


def show_account(viewer: Viewer, row: dict[str, Any]) -> None:
    """Whether the account is open, and the button that closes it, which asks first, or opens it again."""
    with st.container(border=True, height="stretch"):
        st.header("Account", anchor=False)
        if row["is_active"]:
            st.markdown(
                "The account is open. Closing it ends its sessions and programs at once; nothing recorded is lost."
            )
            if st.button("Close the account…", icon=":material/block:"):
                _ask_to_close(viewer, row)
        else:
            st.markdown("The account is closed: no one can sign in with it. Everything recorded is still there.")
            if st.button("Open the account again"):
                _open_again(viewer, row)


@st.dialog("Close this account?")
def _ask_to_close(viewer: Viewer, row: dict[str, Any]) -> None:
    name = plain(row["full_name"])
    st.markdown(f"{name} will be signed out, and cannot sign in until an administrator opens the account again.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel"):
            st.rerun()
        is_confirmed = st.button("Close the account", type="primary")
    if is_confirmed and change(f"{name}’s account is closed.", lambda: close_account(viewer, row["user_id"])):
        st.rerun()


def _open_again(viewer: Viewer, row: dict[str, Any]) -> None:
    words = f"{plain(row['full_name'])}’s account is open again."
    if change(words, lambda: open_account_again(viewer, row["user_id"])):
        st.rerun()


def _set_roles(viewer: Viewer, row: dict[str, Any], held: list[str], wanted: list[str]) -> None:
    change_roles(viewer, row["user_id"], given=set(wanted) - set(held), ended=set(held) - set(wanted))


def _roles_words(row: dict[str, Any], held: list[str], wanted: list[str]) -> str:
    given = [f"is now {with_article(role)}" for role in ROLES if role in wanted and role not in held]
    ended = [f"is no longer {with_article(role)}" for role in ROLES if role in held and role not in wanted]
    return f"{plain(row['full_name'])} {' and '.join([*given, *ended]) or 'keeps the same roles'}."
