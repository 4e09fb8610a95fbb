"""Who is whose guardian: the links of one person, ending one, and making a new one in either direction."""

from typing import Any

import streamlit as st

from data.record import Transaction
from data.viewer import Viewer
from pages.admin.changes import change
from pages.widgets.markdown import plain
from progress.people import give_role, link_guardian, unlink_guardian
from queries.people import people
from queries.person import guardians

_MOST_MATCHES = 50
_DIRECTIONS = {"A child": "student", "A guardian": None}


def show_guardians(viewer: Viewer, row: dict[str, Any]) -> None:
    with st.container(border=True, height="stretch"):
        st.header("Family", anchor=False)
        links = guardians(viewer, row["user_id"]).rows(named=True)
        if not links:
            st.caption("No guardian and no child is linked.")
        for link in links:
            _show_link(viewer, link)
        _ask_for_link(viewer, row)


def _show_link(viewer: Viewer, link: dict[str, Any]) -> None:
    guardian, child = plain(link["guardian_name"]), plain(link["learner_name"])
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.markdown(f"**{guardian}** is {plain(link['relationship'])} of **{child}**")
        is_pressed = st.button("End link", key=f"end_{link['guardian_id']}_{link['learner_id']}")
    words = f"{guardian} is no longer a guardian of {child}."
    if is_pressed and change(viewer, words, lambda tx: unlink_guardian(tx, link["guardian_id"], link["learner_id"])):
        st.rerun()


def _ask_for_link(viewer: Viewer, row: dict[str, Any]) -> None:
    """Whom to link: a child of this person, or a guardian; found by name."""
    start = list(_DIRECTIONS).index("A guardian" if "student" in row["roles"] else "A child")
    direction = st.radio("Link", list(_DIRECTIONS), start, horizontal=True, key=f"link_direction_{row['user_id']}")
    search = st.text_input("Search by name", type="search", live="300ms", key="link_search")
    if len(search.strip()) < 2:
        return
    found = people(viewer, search=search, role=_DIRECTIONS[direction]).head(_MOST_MATCHES)
    names = {line["user_id"]: _label(line) for line in found.rows(named=True) if line["user_id"] != row["user_id"]}
    other = st.selectbox(
        "Person", list(names), index=None, format_func=names.__getitem__, placeholder="Choose a person"
    )
    if st.button("Link", disabled=other is None) and other is not None:
        guardian_id, learner_id = (row["user_id"], other) if direction == "A child" else (other, row["user_id"])
        _link(viewer, guardian_id, learner_id, f"{plain(row['full_name'])} and {plain(names[other])} are linked.")


def _link(viewer: Viewer, guardian_id: int, learner_id: int, words: str) -> None:
    def act(tx: Transaction) -> None:
        link_guardian(tx, guardian_id, learner_id)
        give_role(tx, guardian_id, "parent")

    if change(viewer, words, act):
        st.rerun()


def _label(line: dict[str, Any]) -> str:
    detail = line["username"] or line["external_id"] or ", ".join(line["classes"])
    return f"{line['full_name']} · {detail}" if detail else str(line["full_name"])
