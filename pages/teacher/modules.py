"""Choosing the module to record progress in."""

import polars as pl
import streamlit as st


def choose_module(modules: pl.DataFrame, class_id: int) -> int | None:
    """One of these rows of `class_modules`, or None until one is chosen."""
    labels: dict[int, str] = {row["module_id"]: _label(row) for row in modules.rows(named=True)}
    chosen: int | None = st.selectbox(
        "Module",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="Choose a module" if labels else "This class’s course has no modules yet",
        key=f"module_of_{class_id}",
        persist_state="session",
        width=420,
    )
    return chosen


def _label(row: dict[str, str]) -> str:
    later = " (not open yet)" if row["availability"] == "upcoming" else ""
    return f"{row['unit_title']} · {row['module_title']}{later}"
