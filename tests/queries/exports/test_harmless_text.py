"""No text that leaves in a CSV file runs as a formula, whichever file it is."""

import csv
import io
from collections.abc import Callable

import polars as pl
import pytest

from pages.admin.importing.report import report_csv
from progress.importers.shared.report import LINES_SCHEMA
from queries.exports.formats import as_csv as exported
from queries.exports.printing import as_csv as printed

FORMULAS = [
    *(f"{before}{sign}HYPERLINK(1)" for before in ("", " ", "\n", "\u00a0") for sign in "=+-@＝＋－＠"),
    *("\t=1", "\r=1", "\n=1", "\t", "\0=1"),
]


def reported(frame: pl.DataFrame) -> bytes:
    lines = frame.with_columns(file="name", line=pl.lit(1, pl.Int64), outcome=pl.lit("refused"), reason="name")
    return report_csv(lines.select("subject", *(name for name in LINES_SCHEMA if name != "subject")))


@pytest.mark.parametrize("write", [lambda frame: b"".join(exported(iter([frame]))), printed, reported])
@pytest.mark.parametrize("kind", [pl.String, pl.Categorical])
def test_text_that_a_spreadsheet_would_run_says_that_it_is_text(
    write: Callable[[pl.DataFrame], bytes], kind: type[pl.DataType]
) -> None:
    names = [*FORMULAS, "Ada", "it's = fine", "3-4", ""]
    frame = pl.DataFrame({"subject": names, "name": names}).with_columns(pl.col("subject").cast(kind))
    rows = list(csv.reader(io.StringIO(write(frame).decode("utf-8-sig"), newline="")))[1:]
    assert [row[0] for row in rows] == [f"'{name}" for name in FORMULAS] + names[len(FORMULAS) :]
