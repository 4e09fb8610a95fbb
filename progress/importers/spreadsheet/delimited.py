"""CSV: UTF-8, with commas, semicolons or tabs between the cells."""

import csv
import io
from collections.abc import Iterator

from progress.importers.spreadsheet.columns import known_columns
from progress.importers.spreadsheet.sheet import MOST_COLUMNS, MOST_ROWS, SheetRow, TooLarge, UnreadableLine, row_of

_DELIMITERS = (",", ";", "\t")
_LONGEST_HEADER = 10_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def delimited_rows(name: str, content: bytes) -> Iterator[SheetRow]:
    """The rows of a CSV file. Raises UnreadableLine and TooLarge."""
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    begins, count = 1, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableLine(begins, _quoting(error)) from None
        if len(cells) > MOST_COLUMNS:
            raise UnreadableLine(begins, f"There are more than {MOST_COLUMNS} cells in this line.")
        if row := row_of(begins, cells):
            count += 1
            yield row
        if count > MOST_ROWS + 1:
            raise TooLarge(name, f"more than {MOST_ROWS:,} rows")
        begins = reader.line_num + 1


def _decoded(content: bytes) -> str:
    hint = "Save the file as “CSV UTF-8”."
    if content.startswith(_UTF_16):
        raise UnreadableLine(1, f"The file is written in UTF-16. {hint}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = 1 + before.count(b"\n") + before.replace(b"\r\n", b"").count(b"\r")
        raise UnreadableLine(line, f"A letter in this line is not written in UTF-8. {hint}") from None


def _delimiter(text: str) -> str:
    """What parts the first line into the most columns that we know, then into the most."""
    first = text[: 2 * _LONGEST_HEADER].lstrip(",;\t\r\n ")[:_LONGEST_HEADER].splitlines()
    headers = {mark: next(csv.reader(first[:1], delimiter=mark), []) for mark in _DELIMITERS}
    return max(headers, key=lambda mark: (len(known_columns(headers[mark])), len(headers[mark])))


def _quoting(error: csv.Error) -> str:
    if "field larger than" in str(error):
        return "A cell that begins here is far too long. Is a quotation mark missing?"
    return "The quotation marks do not match: a cell that begins with one ends with one, and those within are doubled."
