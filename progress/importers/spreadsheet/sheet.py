"""A spreadsheet as rows of text, whatever its file format, and what can be wrong with a whole file.

`delimited` and `workbook` read the two formats; `columns` knows what the columns mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from progress.importers.shared.report import CannotImport

MOST_BYTES = 10_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 100
CALCULATE = "Open the file in Excel, save it there and try again."


@dataclass(frozen=True)
class SheetRow:
    """A row that is not blank, as trimmed text. `line` is its number in an editor or in Excel, from 1.

    `uncalculated` holds the indexes of formulas without a value.
    """

    line: int
    cells: tuple[str, ...]
    uncalculated: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """The rows of a file and notes about reading it. `may_have_decimal_commas`: commas do not separate its cells."""

    rows: Sequence[SheetRow]
    notes: Sequence[str] = ()
    may_have_decimal_commas: bool = False


class UnreadableLine(Exception):
    """A line because of which the whole sheet cannot be read; `line` and `reason` go into the report."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class TooLarge(CannotImport):
    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name} has {what}. Send it in parts.")


class NotASpreadsheet(CannotImport):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is neither a CSV file nor an Excel workbook (.xlsx). Save it as one of the two.")


class LockedOrOldWorkbook(CannotImport):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is an Excel workbook of the old kind or with a password. Save it as .xlsx without one."
        )


class DamagedWorkbook(CannotImport):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is no whole Excel workbook. Open it in Excel, save it as .xlsx and try again.")


class NothingVisible(CannotImport):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has no visible sheet. Show the sheet to be read, save the workbook and try again.")


class NothingInIt(CannotImport):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is empty. The template shows which columns belong in it.")


def row_of(line: int, cells: list[str], uncalculated: frozenset[int] = frozenset()) -> SheetRow | None:
    """The row, or None if it is blank."""
    trimmed = tuple(cell.strip() for cell in cells)
    return SheetRow(line, trimmed, uncalculated) if uncalculated or any(trimmed) else None
