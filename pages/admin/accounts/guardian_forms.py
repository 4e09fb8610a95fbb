"""Who is whose guardian: the links of one person, ending one, and making a new one in either direction."""

from typing import Any

import polars as pl
import streamlit as st

from data.viewer import Viewer
from pages.admin.accounts.changes import change
from pages.widgets.words.markdown import one_line, plain
from progress.people.administering import end_family_link, link_family
from queries.people import people
from queries.person import guardians

_MOST_MATCHES = 50
_DIRECTIONS = _CHILD, _GUARDIAN = ["A child", "A guardian"]


def show_guardians(viewer: Viewer, row: dict[str, Any]) -> None:
    with st.container(border=True, height="stretch"):
        st.header("Family", anchor=False)
        links = guardians(viewer, row["user_id"]).rows(named=True)
        if not links:
            st.caption("No guardian and no child is linked.")
        for link in links:
            _show_link(viewer, link)
        linked = {link[side] for link in links for side in ("guardian_id", "learner_id")}
        _ask_for_link(viewer, row, linked)


def _show_link(viewer: Viewer, link: dict[str, Any]) -> None:
    guardian, child = plain(link["guardian_name"]), plain(link["learner_name"])
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.markdown(f"**{guardian}** is {plain(link['relationship'])} of **{child}**")
        if st.button("End link…", key=f"end_{link['guardian_id']}_{link['learner_id']}"):
            _ask_to_end(viewer, link)


@st.dialog("End this link?")
def _ask_to_end(viewer: Viewer, link: dict[str, Any]) -> None:
    guardian, child = plain(link["guardian_name"]), plain(link["learner_name"])
    st.markdown(
        f"{guardian} will no longer see anything of {child}. Nothing recorded is lost, and the word "
        f"“{plain(link['relationship'])}” is kept in case you link them again."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel"):
            st.rerun()
        is_confirmed = st.button("End link", type="primary")
    words = f"{guardian} is no longer a guardian of {child}."
    if is_confirmed and change(words, lambda: end_family_link(viewer, link["guardian_id"], link["learner_id"])):
        st.rerun()


def _ask_for_link(viewer: Viewer, row: dict[str, Any], linked: set[int]) -> None:
    """Whom to link: a child of this person, or a guardian; found by name. `linked` need no link any more."""
    start = list(_DIRECTIONS).index(_GUARDIAN if "student" in row["roles"] else _CHILD)
    direction = st.radio("Link", _DIRECTIONS, start, horizontal=True, key=f"link_direction_{row['user_id']}")
    search = st.text_input("Search by name", type="search", live="300ms", key="link_search")
    if len(search.strip()) < 2:
        return
    names = _found(viewer, search, direction, {row["user_id"], *linked})
    if not names:
        st.caption(f"Nobody who could be {direction[0].lower()}{direction[1:]} has this in their name.")
        return
    other = st.selectbox(
        "Person", list(names), index=None, format_func=lambda each: one_line(names[each]), placeholder="Choose a person"
    )
    word = st.text_input(
        "What the guardian is to the child", max_chars=60, placeholder="Such as mother; empty: as before, or guardian"
    )
    if st.button("Link", disabled=other is None) and other is not None:
        guardian_id, learner_id = (row["user_id"], other) if direction == _CHILD else (other, row["user_id"])
        words = f"{plain(row['full_name'])} and {plain(names[other])} are linked."
        _link(viewer, guardian_id, learner_id, word.strip() or None, words)


def _found(viewer: Viewer, search: str, direction: str, without: set[int]) -> dict[int, str]:
    """The people found, by id. Who is a student and no parent is nobody's guardian."""
    is_student, is_parent = (pl.col("roles").list.contains(role) for role in ("student", "parent"))
    could_be = is_student if direction == _CHILD else ~is_student | is_parent
    found = people(viewer, search=search).filter(could_be, ~pl.col("user_id").is_in(list(without)))
    return {line["user_id"]: _label(line) for line in found.head(_MOST_MATCHES).rows(named=True)}


def _link(viewer: Viewer, guardian_id: int, learner_id: int, relationship: str | None, words: str) -> None:
    if change(words, lambda: link_family(viewer, guardian_id, learner_id, relationship)):
        st.rerun()


def _label(line: dict[str, Any]) -> str:
    detail = line["username"] or line["external_id"] or ", ".join(line["classes"])
    return f"{line['full_name']} · {detail}" if detail else str(line["full_name"])
