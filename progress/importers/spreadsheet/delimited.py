"""Reading CSV separated by commas, semicolons or tabs."""

import csv
import re
from collections.abc import Iterator

from progress.importers.shared.csv_text import BrokenRow, numbered_rows
from progress.importers.spreadsheet.columns import known_columns
from progress.importers.spreadsheet.sheet import (
    MOST_COLUMNS,
    MOST_ROWS,
    Sheet,
    SheetRow,
    TooLarge,
    UnreadableLine,
    row_of,
)
from progress.importers.spreadsheet.text_encoding import decoded

_DELIMITERS = (",", ";", "\t")
_LONGEST_HEADER = 10_000
# With this line a file tells Excel its separator; it is not a row of the table.
_SEPARATOR_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;\t]*(?=[\r\n]|$)', re.IGNORECASE)
_READ_AS = {
    "UTF-16": "The file was read as UTF-16, as the mark at its start says.",
    "Windows-1252": "The file is not UTF-8. It was read as Windows-1252: check that accents and umlauts are right.",
}


def delimited_sheet(name: str, content: bytes) -> Sheet:
    """The rows of a CSV file. Raises UnreadableLine and TooLarge."""
    text, encoding = decoded(content)
    separator_line = _SEPARATOR_LINE.match(text)
    delimiter = separator_line.group(1) if separator_line else _delimiter(text)
    rows = list(_rows(name, text, delimiter, begins_after=1 if separator_line else 0))
    return Sheet(rows, [_READ_AS[encoding]] if encoding else [], may_have_decimal_commas=delimiter != ",")


def _rows(name: str, text: str, delimiter: str, begins_after: int) -> Iterator[SheetRow]:
    count = 0
    try:
        for line, cells in numbered_rows(text, delimiter):
            if len(cells) > MOST_COLUMNS:
                raise UnreadableLine(line, f"There are more than {MOST_COLUMNS} cells in this line.")
            if line > begins_after and (row := row_of(line, cells)):
                count += 1
                yield row
            if count > MOST_ROWS + 1:
                raise TooLarge(name, f"more than {MOST_ROWS:,} rows")
    except BrokenRow as broken:
        raise UnreadableLine(broken.line, f"{broken.reason[0].upper()}{broken.reason[1:]}.") from None


def _delimiter(text: str) -> str:
    """The delimiter that splits the first line into the most known columns, and among equals into the most columns."""
    first = text[: 2 * _LONGEST_HEADER].lstrip(",;\t\r\n ")[:_LONGEST_HEADER].splitlines()
    headers = {mark: next(csv.reader(first[:1], delimiter=mark), []) for mark in _DELIMITERS}
    return max(headers, key=lambda mark: (len(known_columns(headers[mark])), len(headers[mark])))
