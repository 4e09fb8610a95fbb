"""Choosing the module to record progress in, and how: for one learner or for the whole class."""

from typing import Any

import polars as pl
import streamlit as st

from pages.widgets.words.markdown import one_line
from pages.widgets.words.titles import add_to_title

WAYS = ONE_LEARNER, WHOLE_CLASS = ["One learner", "Whole class"]


def choose_module(modules: pl.DataFrame, class_id: int) -> dict[str, Any] | None:
    """One of these rows of `class_modules`, or None until one is chosen."""
    rows = {row["module_id"]: row for row in modules.rows(named=True)}
    chosen: int | None = st.selectbox(
        "Module",
        list(rows),
        index=None,
        format_func=lambda module_id: _label(rows[module_id]),
        placeholder="Choose a module" if rows else "This class’s course has no modules yet",
        key=_key(class_id),
        persist_state="session",
        width=420,
    )
    if chosen is None:
        return None
    add_to_title(rows[chosen]["module_title"])
    return rows[chosen]


def choose_way() -> str:
    """One of WAYS."""
    return st.radio("Record for", WAYS, horizontal=True, key="how", persist_state="session")


def open_module(class_id: int, module_id: int) -> None:
    """Show the grid of this class and module on the next run."""
    st.query_params["class"] = str(class_id)
    st.session_state[_key(class_id)] = module_id
    st.session_state["how"] = WHOLE_CLASS


def _key(class_id: int) -> str:
    return f"module_of_{class_id}"


def _label(row: dict[str, Any]) -> str:
    later = " (not open yet)" if row["availability"] == "upcoming" else ""
    return f"{one_line(row['unit_title'])} · {one_line(row['module_title'])}{later}"
