"""The list of people: whom to look for, and the people found, a page at a time."""

import math
from typing import Any

import polars as pl
import streamlit as st

from data.viewer import ROLES
from pages.admin.accounts.roles import roles_text
from pages.widgets.words.markdown import plain, small

_PEOPLE_AT_ONCE = 25


def ask_whom() -> tuple[str, str | None]:
    """What to search for, and the role to narrow it to; next to them the button to add someone."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            "Search",
            type="search",
            live="300ms",
            key="people_search",
            placeholder="Name, username, e-mail or external id",
            width=320,
        )
        role = st.selectbox(
            "Role", ROLES, index=None, format_func=str.capitalize, placeholder="Any role", key="people_role", width=180
        )
        st.page_link("admin/person.py", label="Add a person", icon=":material/person_add:", help="")
    return search or "", role


def show_directory(found: pl.DataFrame, *, key: str) -> None:
    """A page of these rows of `people`. `key` names the search, so that another one starts at its first page."""
    pages = math.ceil(found.height / _PEOPLE_AT_ONCE)
    st.caption("1 person" if found.height == 1 else f"{found.height:,} people")
    slot = st.container(border=True, gap="xsmall")
    page = st.pagination(pages, key=key) if pages > 1 else 1
    with slot:
        for row in found.slice((page - 1) * _PEOPLE_AT_ONCE, _PEOPLE_AT_ONCE).rows(named=True):
            _show_line(row)


def _show_line(row: dict[str, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap=None):
        st.page_link(
            "admin/person.py",
            label=f"**{plain(row['full_name'])}**",
            icon=":material/chevron_right:",
            icon_position="right",
            query_params={"person": str(row["user_id"])},
            help="",
            width=240,
        )
        st.markdown(f"{roles_text(row)} {small(plain(_details(row)))}", width="stretch")


def _details(row: dict[str, Any]) -> str:
    children = len(row["children"])
    return " · ".join(
        part
        for part in (
            row["username"] or row["external_id"],
            ", ".join(row["classes"]),
            "" if not children else "1 child" if children == 1 else f"{children} children",
        )
        if part
    )
