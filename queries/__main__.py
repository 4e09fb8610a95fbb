"""`python -m queries`: any SELECT over the views, for people with access to the machine. Read-only.

Exit statuses: 0 answered, 1 the query failed, 2 it was not a SELECT over the views, or the command was used wrongly.
"""

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import duckdb
import polars as pl
import typer

from data.file_modes import keep_new_files_private
from data.mirror import MirrorBroken
from data.readiness import require_ready
from data.record import current_record
from data.settings import settings
from data.troubles import RecordTrouble, troubles_named
from queries.asking.ask import NotAView, ask_anything, described_views
from queries.asking.statements import NotOneSelect, UnreadableStatement
from queries.exports.printing import as_csv, as_description, as_json, as_parquet, as_table


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


_WRITERS = {Format.TABLE: as_table, Format.CSV: as_csv, Format.JSON: as_json, Format.PARQUET: as_parquet}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def answer(
    sql: Annotated[str | None, typer.Argument(help="One SELECT over the views.", show_default=False)] = None,
    chosen: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.TABLE,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
    describe: Annotated[bool, typer.Option("--describe", help="List the views, their columns and meanings.")] = False,
) -> None:
    """Ask the record a question in SQL (DuckDB's), over the views alone. Times are in UTC.

    Example: python -m queries "select course_title, mean_modules_percentage from course_summary"
    """
    if describe == (sql is not None):
        raise typer.BadParameter("Give one SELECT in quotes, or --describe to see what can be asked.")
    if describe:
        write = as_description if chosen is Format.TABLE else _WRITERS[chosen]
        _deliver(write(_asked(described_views)), chosen, output)
    else:
        _deliver(_WRITERS[chosen](_asked(lambda: ask_anything(sql or ""))), chosen, output)


def _asked(question: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    try:
        with troubles_named(settings().database_url):
            require_ready(current_record())
            return question()
    except NotOneSelect:
        raise _ended("Only one SELECT can be asked. Nothing was run.", 2) from None
    except NotAView as error:
        reason = (
            f"Only the views can be read, and these are none: {error}. --describe lists the views. Nothing was run."
        )
        raise _ended(reason, 2) from None
    except UnreadableStatement as error:
        raise _ended(f"This SQL cannot be read: {error}", 1) from None
    except duckdb.Error as error:
        raise _ended(f"The question has no answer: {_plain_words(error)}", 1) from None
    except (MirrorBroken, RecordTrouble) as error:
        raise _ended(str(error), 1) from None


def _plain_words(error: duckdb.Error) -> str:
    """DuckDB's message without the name of its error class and the excerpt of the SQL."""
    return str(error).partition(": ")[2].partition("\n\nLINE ")[0].strip()


def _deliver(written: bytes, chosen: Format, output: Path | None) -> None:
    if output is None and chosen is Format.PARQUET and sys.stdout.isatty():
        raise typer.BadParameter("Parquet is not for reading. Name a file with --output.")
    if output is None:
        sys.stdout.buffer.write(written)
        return
    try:
        output.write_bytes(written)
    except OSError as error:
        raise _ended(f"{error.filename}: {error.strerror}", 1) from None


def _ended(reason: str, status: int) -> typer.Exit:
    """Print the reason on stderr; returns the exit to raise."""
    typer.echo(reason, err=True)
    return typer.Exit(status)


if __name__ == "__main__":
    keep_new_files_private()
    app(prog_name="python -m queries")
