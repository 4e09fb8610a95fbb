"""A spreadsheet as rows of text, whatever it was saved as, and what can be wrong with a whole one.

What the columns mean is `columns`'s; how a kind of file is taken apart is `delimited`'s and `workbook`'s.
"""

from dataclasses import dataclass

from progress.importers.report import CannotImport

MOST_BYTES = 10_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 100


@dataclass(frozen=True)
class SheetRow:
    """A row that is not blank. `line` counts as an editor or Excel does, from 1; cells are trimmed text."""

    line: int
    cells: tuple[str, ...]


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


class NothingInIt(CannotImport):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is empty. The template shows which columns belong in it.")


def row_of(line: int, cells: list[str]) -> SheetRow | None:
    """The row, or None where it is blank."""
    trimmed = tuple(cell.strip() for cell in cells)
    return SheetRow(line, trimmed) if any(trimmed) else None
