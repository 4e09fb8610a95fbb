"""A spreadsheet as rows of text, whatever it was saved as, and what can be wrong with a whole one.

What the columns mean is `columns`'s; how a kind of file is taken apart is `delimited`'s and `workbook`'s.
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
    """A row that is not blank. `line` counts as an editor or Excel does, from 1; cells are trimmed text.

    `uncalculated` are the places of formulas that have no value yet.
    """

    line: int
    cells: tuple[str, ...]
    uncalculated: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """The rows of a file and what is to be said about reading it; `may_have_decimal_commas` if they part no cells."""

    rows: Sequence[SheetRow]
    notes: Sequence[str] = ()
    may_have_decimal_commas: bool = False


class UnreadableLine(Exception):
    """A line that keeps the whole sheet from being read: `line` and `reason` are for the report."""

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
    """The row, or None where it is blank."""
    trimmed = tuple(cell.strip() for cell in cells)
    return SheetRow(line, trimmed, uncalculated) if uncalculated or any(trimmed) else None
