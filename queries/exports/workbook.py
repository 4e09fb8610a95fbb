"""Writing frames as an Excel workbook."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import xlsxwriter

MOST_ROWS = 200_000  # Excel allows a million, but writing so many cells takes minutes
MOST_CHARACTERS = 32_767  # of a cell

_BYTES_OF_A_PIECE = 256 * 1024
_TIME = "yyyy-mm-dd hh:mm:ss"
_DATE = "yyyy-mm-dd"


@dataclass
class TooManyRowsForExcel(Exception):
    most: int = MOST_ROWS


def as_xlsx(frames: Callable[[], Iterator[pl.DataFrame]]) -> Iterator[bytes]:
    """One sheet with a header row; times are Excel's, in UTC, and nothing is a formula.

    The frames are read twice, to count and to write them. They go to a temporary file first, since a workbook begins
    with what is known only at its end. Raises TooManyRowsForExcel before the first piece.
    """
    _count(frames())
    with TemporaryDirectory(prefix="waymark-export-") as folder:
        path = Path(folder) / "export.xlsx"
        _write(path, frames())
        with path.open("rb") as file:
            while piece := file.read(_BYTES_OF_A_PIECE):
                yield piece


def _count(frames: Iterator[pl.DataFrame]) -> None:
    rows = 0
    for frame in frames:
        rows += frame.height
        if rows > MOST_ROWS:
            raise TooManyRowsForExcel


def _write(path: Path, frames: Iterator[pl.DataFrame]) -> None:
    """Write row by row, keeping only the current row in memory."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    sheet, heading = book.add_worksheet(), book.add_format({"bold": True})
    writers: list[Callable[[int, int, Any], object]] = []
    number = 0
    for frame in frames:
        if not writers:
            sheet.write_row(0, 0, frame.columns, heading)
            sheet.freeze_panes(1, 0)
            writers = [_writer(book, sheet, kind) for kind in frame.dtypes]
        for row in frame.iter_rows():
            number += 1
            for column, value in enumerate(row):
                if value is not None:
                    writers[column](number, column, value)
    book.close()


def _writer(book: Any, sheet: Any, kind: pl.DataType) -> Callable[[int, int, Any], object]:
    """The function that writes a value of this type into a cell as it is, whatever Excel might see in it."""
    if kind.is_temporal():
        style = book.add_format({"num_format": _DATE if kind == pl.Date else _TIME})
        return lambda row, column, value: sheet.write_datetime(row, column, value, style)
    if kind == pl.Boolean:
        return sheet.write_boolean  # type: ignore[no-any-return]
    if kind.is_numeric():
        return sheet.write_number  # type: ignore[no-any-return]
    as_text = json.dumps if kind.is_nested() else str
    return lambda row, column, value: sheet.write_string(row, column, as_text(value)[:MOST_CHARACTERS])
