"""Reading untrusted CSV (RFC 4180, UTF-8) as columns of text, each row with its line number in the file.

Polars reads CSV faster, but loses the line number once a value contains a line break, and pads rows that are too short.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from operator import itemgetter

import polars as pl

from progress.importers.shared.report import CannotImport

_BOM = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 50_000


class NotUtf8(CannotImport):
    def __init__(self, file: str, line: int, byte: int) -> None:
        super().__init__(
            f"{file}, line {line}: the byte 0x{byte:02X} is not UTF-8. Save the file as CSV in UTF-8 and try again."
        )
        self.file = file
        self.line = line


class EmptyCsv(CannotImport):
    def __init__(self, file: str) -> None:
        super().__init__(f"{file} is empty; its first line must name its columns.")
        self.file = file


class RepeatedColumn(CannotImport):
    def __init__(self, file: str, column: str) -> None:
        super().__init__(f"{file}, line 1: the column “{column}” is there more than once.")
        self.file = file
        self.column = column


class UnreadableCsv(CannotImport):
    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}.")
        self.file = file
        self.line = line


class BrokenRow(ValueError):
    """The row that begins on this line is not CSV, for a reason in words."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason


class CsvText:
    """A CSV file whose header has been read."""

    def __init__(self, file: str, data: bytes) -> None:
        """Raises NotUtf8, EmptyCsv, RepeatedColumn and UnreadableCsv."""
        self.file = file
        self._rows = self._filled_rows(_decoded(file, data))
        first = next(self._rows, None)
        if first is None:
            raise EmptyCsv(file)
        _, self.header = first
        named = [place for place, name in enumerate(self.header) if name.strip()]
        self._width = max(named, default=-1) + 1
        self._unnamed = [place for place in range(self._width) if place not in named]
        repeated = [name for name, count in Counter(self.header[place] for place in named).items() if count > 1]
        if repeated:
            raise RepeatedColumn(file, repeated[0])

    def read(self, columns: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """All rows as `line` and these columns of text, null where empty; and the ragged rows as (line, reason).

        Can be called once. Columns missing from the header are null; other columns are dropped. Columns without a name,
        and values after the last column, are ignored if they are empty. Raises UnreadableCsv.
        """
        present = [name for name in columns if name in self.header]
        pick = itemgetter(*(self.header.index(name) for name in present), 0)  # with one column it returns no tuple
        ragged: list[tuple[int, str]] = []
        frames = [pl.DataFrame(schema={"line": pl.Int64, **dict.fromkeys(present, pl.String)})]
        while batch := list(islice(self._rows, _ROWS_AT_ONCE)):
            faults = [(line, self._fault(row)) for line, row in batch]
            ragged += [(line, fault) for line, fault in faults if fault]
            picked = [
                (line, *pick(row)[:-1]) for (line, row), (_, fault) in zip(batch, faults, strict=True) if not fault
            ]
            frames.append(pl.DataFrame(picked, schema=frames[0].schema, orient="row"))
        absent = [pl.lit(None, pl.String).alias(name) for name in columns if name not in present]
        rows = pl.concat(frames).with_columns(*_text(present), *absent).select("line", *columns)
        return rows, pl.DataFrame(ragged, schema={"line": pl.Int64, "reason": pl.String}, orient="row")

    def _filled_rows(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """The rows with their lines, without blank lines and rows of nothing but commas."""
        try:
            yield from ((line, row) for line, row in numbered_rows(text) if any(value.strip() for value in row))
        except BrokenRow as broken:
            raise UnreadableCsv(self.file, broken.line, broken.reason) from None

    def _fault(self, row: list[str]) -> str | None:
        """Why a row is ragged; None if it is not."""
        width = len(row)
        if width == self._width and not self._unnamed:  # true of most rows
            return None
        if width < self._width or any(value.strip() for value in row[len(self.header) :]):
            return f"the row has {width} values, the header names {self._width} columns"
        unnamed = (*self._unnamed, *range(self._width, min(width, len(self.header))))
        return "a value stands in a column without a name" if any(row[place].strip() for place in unnamed) else None

    def count_rows(self) -> int:
        """The number of rows, read without keeping them. Can be called once. Raises UnreadableCsv."""
        return sum(1 for _ in self._rows)


def _text(columns: list[str]) -> list[pl.Expr]:
    stripped = [pl.col(name).str.strip_chars() for name in columns]
    return [pl.when(value != "").then(value).alias(name) for name, value in zip(columns, stripped, strict=True)]


def _decoded(file: str, data: bytes) -> str:
    plain = data.removeprefix(_BOM)
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUtf8(file, line_of(plain[: error.start]), plain[error.start]) from None


def line_of(before: bytes) -> int:
    """The number of the line on which a file continues after these bytes."""
    return 1 + before.count(b"\n") + before.replace(b"\r\n", b"").count(b"\r")


def numbered_rows(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins. Raises BrokenRow."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise BrokenRow(line, _in_words(error)) from None
        if row is None:
            return
        yield line, row


def _in_words(error: csv.Error) -> str:
    message = str(error)
    if "field larger" in message:
        return "a value is far too long; a closing quotation mark may be missing"
    if "end of data" in message:
        return "a quotation mark is opened here and never closed"
    return "a quotation mark stands where none may; within a quoted value it must be doubled"
