"""What a line states, read from its cells. `naming` looks up whom and what it names."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from data.moments import EARLIEST
from progress.importers.shared.misspelt import folded, nearest
from progress.importers.spreadsheet.columns import COLUMNS
from progress.importers.spreadsheet.sheet import CALCULATE, SheetRow
from progress.recording.entries import RESET, STATUSES

_T = TypeVar("_T")

STATUS_WORDS = ("Completed", "Submitted", "In progress", "Not started")
LONGEST_NOTE = 500
_EPOCH = date(1899, 12, 30)

_STATUSES = {"not started": RESET} | {folded(word): word for word in STATUSES}
# By decimal sign: a number, possibly with the other sign as the thousands separator.
_NUMBERS = {
    ".": re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?([eE][+-]?\d+)?", re.ASCII),
    ",": re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d*)?([eE][+-]?\d+)?", re.ASCII),
}
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?", re.ASCII)
_LOCAL = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", re.ASCII)
# Errors as Excel and LibreOffice write them in any language: #N/A, #NV, #BEZUG!, #¿NOMBRE?, Err:502.
_FORMULA_ERROR = re.compile(r"#(N/[A-Z]{1,2}|NV|GETTING_DATA|DIV/0!|[¡¿]?[^\W\d_a-z]{3,14}[!?])|(Err|Fehler):\d{3}")


@dataclass(frozen=True)
class Stated:
    """A line as it was written, with learner, course and module in its own words; `faults` say what is wrong."""

    line: int
    learner: str
    course: str
    module: str
    status: str | None
    score: float | None
    on: date | None
    note: str | None
    faults: tuple[str, ...]

    @property
    def subject(self) -> str:
        return " · ".join(part for part in (self.learner, self.module) if part)[:200]


class _Unclear(Exception):
    """A cell that cannot be read as its column requires; the text is shown to people."""


def stated_lines(rows: Sequence[SheetRow], places: Mapping[str, int], may_have_decimal_commas: bool) -> list[Stated]:
    """What each row states; `places` are the indexes of the columns. All scores have the same decimal sign."""
    scores = [row.cells[places["Score"]] for row in rows if _has(row, places, "Score")]
    has_commas = may_have_decimal_commas and any(_is_number(score, ",") and "," in score for score in scores)
    return [_stated(row, places, "," if has_commas else ".") for row in rows]


def _stated(row: SheetRow, places: Mapping[str, int], decimal_sign: str) -> Stated:
    texts = {name: row.cells[places[name]] if _has(row, places, name) else "" for name in COLUMNS}
    faults = _faults_of_cells(row, places, texts)
    readable = {name: "" if _is_broken(text) else text for name, text in texts.items()}
    return Stated(
        line=row.line,
        learner=texts["Learner"],
        course=texts["Course"],
        module=texts["Module"],
        status=_read(readable["Status"], _status, faults),
        score=_read(readable["Score"], lambda text: _score(text, decimal_sign), faults),
        on=_read(readable["Date"], _day, faults),
        note=_read(readable["Note"], _note, faults),
        faults=tuple(faults),
    )


def _read(text: str, read: Callable[[str], _T], faults: list[str]) -> _T | None:
    """The value of a cell; None if it is empty, or unclear, in which case the fault is added."""
    try:
        return read(text) if text else None
    except _Unclear as unclear:
        faults.append(str(unclear))
        return None


def _has(row: SheetRow, places: Mapping[str, int], name: str) -> bool:
    return name in places and places[name] < len(row.cells)


def _faults_of_cells(row: SheetRow, places: Mapping[str, int], texts: Mapping[str, str]) -> list[str]:
    faults = [
        f"The cell “{name}” is empty."
        for name in ("Learner", "Course", "Module")
        if not texts[name] and places[name] not in row.uncalculated
    ]
    for name, text in texts.items():
        if places.get(name) in row.uncalculated:
            faults.append(f"The formula in “{name}” has no value yet. {CALCULATE}")
        elif _FORMULA_ERROR.fullmatch(text):
            faults.append(f"The formula in “{name}” failed: {text}.")
        elif "\0" in text:
            faults.append(f"There is a character in “{name}” that is no text.")
    if any(cell for place, cell in enumerate(row.cells) if place not in places.values()):
        faults.append("There is something in a column without a heading.")
    return faults


def _is_broken(text: str) -> bool:
    return "\0" in text or _FORMULA_ERROR.fullmatch(text) is not None


def _status(text: str) -> str:
    known = _STATUSES.get(folded(text))
    if known is None:
        meant = nearest(text, STATUS_WORDS)
        hint = f"Did you mean “{meant}”?" if meant else f"Write one of: {', '.join(STATUS_WORDS)}."
        raise _Unclear(f"“{text[:100]}” is not a status. {hint}")
    return known


def _score(text: str, decimal_sign: str) -> float:
    """A score as spreadsheets save it, possibly with thousands separators or as a percentage."""
    number = text.removesuffix("%").rstrip()
    if not _is_number(number, decimal_sign) or not math.isfinite(_number(number, decimal_sign)):
        raise _Unclear(f"“{text[:100]}” is not a score. {_hint_of_score(number, decimal_sign)}")
    score = _number(number, decimal_sign)
    if not 0 <= score <= 100:
        raise _Unclear(f"The score {score:g} is not between 0 and 100.")
    return score


def _hint_of_score(number: str, decimal_sign: str) -> str:
    other = "," if decimal_sign == "." else "."
    if other not in number or not _is_number(number, other):
        return "Write a number from 0 to 100."
    reason = " This file has decimal commas." if decimal_sign == "," else ""
    return f"Write {number.replace(other, decimal_sign)}.{reason}"


def _is_number(text: str, decimal_sign: str) -> bool:
    return _NUMBERS[decimal_sign].fullmatch(text.removesuffix("%").rstrip()) is not None


def _number(text: str, decimal_sign: str) -> float:
    other = "," if decimal_sign == "." else "."
    return float(text.replace(other, "").replace(decimal_sign, "."))


def _day(text: str) -> date:
    """An ISO date. A trailing time, as Excel writes it, is ignored."""
    if written := _ISO.fullmatch(text):
        day = _date(*(int(part) for part in written.group(1).split("-")))
        if day is None:
            raise _Unclear(f"There is no day {written.group(1)}.")
        if day < EARLIEST.date():
            raise _Unclear(f"The date {day} is too long ago to be right.")
        return day
    raise _Unclear(f"“{text[:100]}” is not a date that everyone reads alike. {_hint_of_day(text)}")


def _hint_of_day(text: str) -> str:
    """A hint with the dates that the text would be as d/m/y and as m/d/y."""
    if local := _LOCAL.fullmatch(text):
        first, second, year = (int(part) for part in local.groups())
        year += 2000 if year < 100 else 0
        days = [day for day in (_date(year, second, first), _date(year, first, second)) if day]
        if days:
            return f"Write {' or '.join(dict.fromkeys(day.isoformat() for day in days))}."
    if text.isdecimal() and len(text) == 5:
        return f"As Excel counts days it is {_EPOCH + timedelta(days=int(text))}. Write it so, or as a date in Excel."
    return "Write it as 2026-03-14, or as a date in Excel."


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise _Unclear(f"The note is longer than {LONGEST_NOTE} characters.")
    return text
