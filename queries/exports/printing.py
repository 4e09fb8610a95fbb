"""Answers for the command line: as a table for people, as CSV, JSON or Parquet for programs."""

import json
import sys
from io import BytesIO, StringIO
from shutil import get_terminal_size

import polars as pl
from rich.console import Console, RenderableType
from rich.table import Column, Table

from queries.exports.harmless_text import without_formulas

MOST_ROWS_SHOWN = 1_000
_WIDE = 10_000  # piped output is never wrapped


def as_csv(frame: pl.DataFrame) -> bytes:
    """CSV with a header line and no formulas; lists and structs as JSON text, because CSV has none."""
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    flat = _plain(frame).with_columns(pl.col(nested).map_elements(_json_text, return_dtype=pl.String))
    return without_formulas(flat).write_csv(datetime_format="%+").encode()


def as_json(frame: pl.DataFrame) -> bytes:
    """A JSON list with one object per row."""
    return _plain(frame).write_json().encode() + b"\n"


def as_parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    _plain(frame).write_parquet(buffer)
    return buffer.getvalue()


def as_table(frame: pl.DataFrame) -> bytes:
    """The first thousand rows as a table, and how many rows there are."""
    table = Table(*(Column(name, overflow="fold") for name in frame.columns))
    for row in _plain(frame).head(MOST_ROWS_SHOWN).iter_rows():
        table.add_row(*("" if value is None else str(value) for value in row))
    shown = f", the first {MOST_ROWS_SHOWN:,} shown" if frame.height > MOST_ROWS_SHOWN else ""
    return _printed(table, f"{frame.height:,} {'row' if frame.height == 1 else 'rows'}{shown}")


def as_description(columns: pl.DataFrame) -> bytes:
    """Every view (view, grain, key, column, type, meaning) as a heading, its grain, and a table of its columns."""
    parts: list[RenderableType] = []
    for (view, grain, key), rows in columns.group_by(["view", "grain", "key"], maintain_order=True):
        table = Table("column", "type", "meaning")
        for row in rows.select("column", "type", "meaning").iter_rows():
            table.add_row(*row)
        parts += [f"{view}: {grain} Key: {key}", table, ""]
    return _printed(*parts)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with times marked as UTC, and DuckDB's 128-bit sums as ordinary numbers."""
    whole = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Decimal) and kind.scale == 0]
    return frame.with_columns(
        pl.col(pl.Datetime("us")).dt.replace_time_zone("UTC"), pl.col(whole).cast(pl.Int64)
    ).with_columns(pl.col(pl.Decimal).cast(pl.Float64))


def _json_text(value: object) -> str:
    return json.dumps(value.to_list() if isinstance(value, pl.Series) else value, default=str, ensure_ascii=False)


def _printed(*parts: RenderableType) -> bytes:
    paper = StringIO()
    width = get_terminal_size().columns if sys.stdout.isatty() else _WIDE
    console = Console(file=paper, width=width, markup=False, highlight=False)
    for part in parts:
        console.print(part)
    return paper.getvalue().encode()
