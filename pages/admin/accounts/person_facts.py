"""What the record knows of one person."""

from typing import Any

import streamlit as st

from pages.admin.accounts.roles import roles_text
from pages.widgets.words.markdown import plain
from pages.widgets.words.percentages import NO_FIGURE


def show_facts(row: dict[str, Any]) -> None:
    """A row of `people` as a short list."""
    facts = {
        "Roles": roles_text(row),
        "Username": plain(row["username"] or NO_FIGURE),
        "E-mail": plain(row["email"] or NO_FIGURE),
        "External id": plain(row["external_id"] or NO_FIGURE),
        "Classes": plain(", ".join(row["classes"]) or NO_FIGURE),
    }
    st.table(facts, border="horizontal", width="content", alt="What the record knows of this person")
