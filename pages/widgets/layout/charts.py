"""A chart on a page: always with words for those who cannot see it, and with its numbers as a table on request."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from charts import Figure
from pages.widgets.layout.tables import ColumnConfig, show_table

_CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


def show_chart(
    figure: Figure,
    alt: str,
    table: pl.DataFrame,
    *,
    key: str,
    columns: Mapping[str, ColumnConfig],
    time_zone: str = "UTC",
    is_open: bool = False,
) -> None:
    """The figure, named by `alt` (what it says, not what it is), and its numbers as a table, sent when opened."""
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt)
    label = "As a table" if is_open else "Show as a table"
    opened = st.expander(
        label, is_open, icon=":material/table_rows:", key=f"{key}_opened", type="compact", on_change="rerun"
    )
    if opened.open:
        with opened:
            show_table(table, columns, alt=alt, key=f"{key}_table", time_zone=time_zone)
