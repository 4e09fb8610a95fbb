"""What a line states, read from its cells: words, a number, a day. Whom and what it names is not looked up here."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from progress.entries import RESET, STATUSES
from progress.importers.spreadsheet.columns import COLUMNS, nearest
from progress.importers.spreadsheet.sheet import SheetRow
from progress.moments import EARLIEST

_T = TypeVar("_T")

STATUS_WORDS = ("Completed", "Submitted", "In progress", "Not started")
LONGEST_NOTE = 500

_STATUSES = {"not started": RESET} | {word.casefold(): word for word in STATUSES}
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", re.ASCII)
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?", re.ASCII)
_LOCAL = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", re.ASCII)
_FORMULA_ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|GETTING_DATA)")


@dataclass(frozen=True)
class Stated:
    """A line as it was written: learner, course and module in its own words; `faults` say what cannot be right."""

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
    """A cell that does not say what its column asks for; the text is for people."""


def stated(row: SheetRow, places: Mapping[str, int]) -> Stated:
    """What this row says, by the places of the columns."""
    texts = {name: row.cells[places[name]] if _has(row, places, name) else "" for name in COLUMNS}
    faults = _faults_of_cells(row, places, texts)
    readable = {name: "" if _is_broken(text) else text for name, text in texts.items()}
    return Stated(
        line=row.line,
        learner=texts["Learner"],
        course=texts["Course"],
        module=texts["Module"],
        status=_read(readable["Status"], _status, faults),
        score=_read(readable["Score"], _score, faults),
        on=_read(readable["Date"], _day, faults),
        note=_read(readable["Note"], _note, faults),
        faults=tuple(faults),
    )


def _read(text: str, read: Callable[[str], _T], faults: list[str]) -> _T | None:
    """The value of a cell; nothing for an empty one, and for an unclear one, whose fault is noted."""
    try:
        return read(text) if text else None
    except _Unclear as unclear:
        faults.append(str(unclear))
        return None


def _has(row: SheetRow, places: Mapping[str, int], name: str) -> bool:
    return name in places and places[name] < len(row.cells)


def _faults_of_cells(row: SheetRow, places: Mapping[str, int], texts: Mapping[str, str]) -> list[str]:
    faults = [f"The cell “{name}” is empty." for name in ("Learner", "Course", "Module") if not texts[name]]
    for name, text in texts.items():
        if _FORMULA_ERROR.fullmatch(text):
            faults.append(f"The formula in “{name}” failed: {text}.")
        elif "\0" in text:
            faults.append(f"There is a character in “{name}” that is no text.")
    if any(cell for place, cell in enumerate(row.cells) if place not in places.values()):
        faults.append("There is something in a column without a heading.")
    return faults


def _is_broken(text: str) -> bool:
    return "\0" in text or _FORMULA_ERROR.fullmatch(text) is not None


def _status(text: str) -> str:
    known = _STATUSES.get(" ".join(text.casefold().split()))
    if known is None:
        meant = nearest(text[:100], STATUS_WORDS)
        hint = f"Did you mean “{meant}”?" if meant else f"Write one of: {', '.join(STATUS_WORDS)}."
        raise _Unclear(f"“{text[:100]}” is not a status. {hint}")
    return known


def _score(text: str) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        plain = text.replace(",", ".").removesuffix("%").strip()
        hint = f"Write {plain}." if plain != text and _NUMBER.fullmatch(plain) else "Write a number from 0 to 100."
        raise _Unclear(f"“{text[:100]}” is not a score. {hint}")
    score = float(text)
    if not 0 <= score <= 100:
        raise _Unclear(f"The score {score:g} is not between 0 and 100.")
    return score


def _day(text: str) -> date:
    """A day as ISO writes it; a time behind it, as Excel writes one, is let be."""
    if written := _ISO.fullmatch(text):
        day = _date(*(int(part) for part in written.group(1).split("-")))
        if day is None:
            raise _Unclear(f"There is no day {written.group(1)}.")
        if day < EARLIEST.date():
            raise _Unclear(f"The date {day} is too long ago to be right.")
        return day
    raise _Unclear(f"“{text[:100]}” is not a date that everyone reads alike. {_hint_of_day(text)}")


def _hint_of_day(text: str) -> str:
    """The days that d/m/y and m/d/y would make of it."""
    if local := _LOCAL.fullmatch(text):
        first, second, year = (int(part) for part in local.groups())
        year += 2000 if year < 100 else 0
        days = [day for day in (_date(year, second, first), _date(year, first, second)) if day]
        if days:
            return f"Write {' or '.join(dict.fromkeys(day.isoformat() for day in days))}."
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
