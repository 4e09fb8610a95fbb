"""The versions of a course's completion rule, the newest first."""

import polars as pl
import streamlit as st

from pages.widgets.layout.tables import number_column, show_table, text_column, time_column
from progress.courses.completion_rule_words import described
from progress.courses.completion_rules import RuleHistory

_COLUMNS = {
    "version": number_column("Version"),
    "created_at": time_column("From"),
    "created_by": text_column("Saved by"),
    "judged": text_column("Who had met it before"),
    "description": text_column("Rule"),
}


def show_history(history: RuleHistory, time_zone: str) -> None:
    if not history.versions:
        st.markdown("This course never had a rule of its own: it was always complete when all its units were.")
        return
    rows = [
        {
            "version": each.version,
            "created_at": each.created_at.replace(tzinfo=None),
            "created_by": history.names.get(each.created_by or 0),
            "judged": "was completed too" if each.applies_from is None else "was left as before",
            "description": described(each.rule, history.titles),
        }
        for each in reversed(history.versions)
    ]
    alt = "Versions of the completion rule, the newest first"
    show_table(pl.DataFrame(rows), _COLUMNS, alt=alt, key="rule_history", time_zone=time_zone)
