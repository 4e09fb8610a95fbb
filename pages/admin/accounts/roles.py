"""How roles read, as badges and in a sentence, and how they are asked for."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from data.viewer import ROLES

_COLOURS = {"student": "blue", "teacher": "green", "parent": "orange", "administrator": "violet"}


def roles_text(row: dict[str, Any]) -> str:
    """The roles of a row of `people` as badges, and whether the account is closed; Markdown."""
    badges = [f":{_COLOURS[role]}-badge[{role.capitalize()}]" for role in row["roles"]] or [":gray-badge[No role]"]
    return " ".join(badges if row["is_active"] else [*badges, ":red-badge[Closed]"])


def with_article(role: str) -> str:
    """“a teacher”, “an administrator”."""
    return f"an {role}" if role[0] in "aeio" else f"a {role}"


def ask_roles(held: Sequence[str] = ()) -> list[str]:
    """A box to tick for each role; those held are ticked at first."""
    with st.container(horizontal=True):
        return [role for role in ROLES if st.checkbox(role.capitalize(), role in held, width="content")]
