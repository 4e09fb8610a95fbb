"""The columns of a progress spreadsheet, and how a sheet's header names them."""

from collections.abc import Iterable, Mapping

from progress.importers.shared.misspelt import folded, nearest
from progress.importers.spreadsheet.sheet import CALCULATE, SheetRow, UnreadableLine

COLUMNS = ("Learner", "Course", "Module", "Status", "Score", "Date", "Note")
_NEEDED = ("Learner", "Course", "Module")
_BY_FOLDED = {folded(name): name for name in COLUMNS}


def known_columns(cells: Iterable[str]) -> list[str]:
    """The columns that these cells name, in our spelling."""
    return [_BY_FOLDED[folded(cell)] for cell in cells if folded(cell) in _BY_FOLDED]


def column_places(header: SheetRow) -> Mapping[str, int]:
    """The index of each column. Raises UnreadableLine, which names everything that is wrong with the header."""
    if header.uncalculated:
        raise UnreadableLine(header.line, f"A formula in the header has no value yet. {CALCULATE}")
    unknown = [cell for cell in header.cells if cell and folded(cell) not in _BY_FOLDED]
    known = known_columns(header.cells)
    wrong = [_unknown_column(cell, known) for cell in unknown]
    wrong += [f"There are two columns “{name}”." for name in COLUMNS if known.count(name) > 1]
    if not unknown:
        wrong += [f"The column “{name}” is missing." for name in _NEEDED if name not in known]
        wrong += [] if {"Status", "Score"} & set(known) else ["There must be a column “Status” or “Score”."]
    if wrong:
        raise UnreadableLine(header.line, " ".join(wrong))
    return {_BY_FOLDED[folded(cell)]: place for place, cell in enumerate(header.cells) if cell}


def _unknown_column(cell: str, known: list[str]) -> str:
    meant = nearest(cell, [name for name in COLUMNS if name not in known])
    hint = f"Did you mean “{meant}”?" if meant else f"The columns are {', '.join(COLUMNS)}."
    return f"“{cell[:100]}” is not a column of a progress spreadsheet. {hint}"
