"""Tables with plain-word headings. A table shows what a query gave; measures are not made here."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import polars as pl
import polars.selectors as cs
import streamlit as st

from pages.widgets.words.percentages import NO_FIGURE, local_time

ColumnConfig: TypeAlias = Any  # what st.column_config makes; Streamlit exports no name for it


def progress_column(heading: str = "Progress") -> ColumnConfig:
    """A shown percentage as a bar with its number."""
    return st.column_config.ProgressColumn(heading, min_value=0, max_value=100, format="%d%%")


def number_column(heading: str, *, format: str | None = None) -> ColumnConfig:  # noqa: A002
    return st.column_config.NumberColumn(heading, format=format)


def mean_column(heading: str) -> ColumnConfig:
    """A mean or median of percentages, rounded down as everywhere else."""
    return number_column(heading, format="%d%%")


def date_column(heading: str) -> ColumnConfig:
    return st.column_config.DateColumn(heading, format="D MMM YYYY")


def time_column(heading: str) -> ColumnConfig:
    return st.column_config.DatetimeColumn(heading, format="D MMM YYYY, HH:mm")


def text_column(heading: str, *, pinned: bool = False) -> ColumnConfig:
    return st.column_config.TextColumn(heading, pinned=pinned)


def show_table(
    frame: pl.DataFrame,
    columns: Mapping[str, ColumnConfig],
    *,
    alt: str,
    key: str,
    time_zone: str = "UTC",
) -> None:
    """Just these columns in this order; moments (naive UTC in the frame) are shown in `time_zone`."""
    shown = in_time_zone(frame.select(*columns), time_zone)
    st.dataframe(shown, column_config=dict(columns), hide_index=True, alt=alt, key=key, placeholder=NO_FIGURE)


def in_time_zone(frame: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    """The frame with every naive UTC moment as the clock of this time zone showed it.

    Moment by moment: polars has time zones of its own, which may be older than those of the views.
    """
    moments = cs.datetime(time_zone=None)
    return frame.with_columns(
        moments.map_elements(
            lambda moment: local_time(moment, time_zone).replace(tzinfo=None), return_dtype=pl.Datetime("us")
        )
    )
