"""What each column of the OULAD's seven tables may contain, as polars expressions. `checking` checks references."""

from dataclasses import dataclass
from functools import reduce
from typing import Literal

import polars as pl

_NULL_MARKS = ("", "?", "NaN")
_FURTHEST_DAY = 3_650


@dataclass(frozen=True)
class Column:
    """A column that the import reads; other columns are ignored."""

    name: str
    kind: Literal["text", "whole", "number"] = "text"
    is_optional: bool = False
    lowest: int | None = None
    highest: int | None = None
    one_of: tuple[str, ...] = ()
    pattern: tuple[str, str] | None = None  # a regular expression, and the same in words

    def value(self, stored_as: pl.DataType) -> pl.Expr:
        """The value; null if it is missing or cannot be read."""
        if self.kind == "text":
            return _text(self.name).alias(self.name)
        number = pl.col(self.name) if stored_as.is_numeric() else _text(self.name).cast(pl.Float64, strict=False)
        if not stored_as.is_integer():
            number = number.fill_nan(None)
        if self.kind == "whole" and not stored_as.is_integer():
            number = pl.when(number == number.floor()).then(number)
        return number.cast(pl.Int64 if self.kind == "whole" else pl.Float64, strict=False).alias(self.name)

    def problem(self, stored_as: pl.DataType) -> pl.Expr:
        """What is wrong with the value, in words; null if nothing is."""
        shown = pl.format("{} is “{}”: {}", pl.lit(self.name), _text(self.name), self._complaint(stored_as))
        missing = pl.lit(f"{self.name} is missing")
        return pl.when(self._is_missing()).then(missing).when(self.is_bad(stored_as)).then(shown)

    def is_bad(self, stored_as: pl.DataType) -> pl.Expr:
        """Whether the value is required but missing, unreadable or impossible. Never null."""
        value = self.value(stored_as)
        unreadable = value.is_null() if not self.is_optional else value.is_null() & _text(self.name).is_not_null()
        return reduce(pl.Expr.or_, [unreadable, *(breach.fill_null(False) for breach, _ in self._limits(value))])

    def _is_missing(self) -> pl.Expr:
        return pl.lit(False) if self.is_optional else _text(self.name).is_null()

    def _complaint(self, stored_as: pl.DataType) -> pl.Expr:
        value = self.value(stored_as)
        unreadable = (value.is_null(), "not a whole number" if self.kind == "whole" else "not a number")
        return pl.coalesce(pl.when(breach).then(pl.lit(words)) for breach, words in [unreadable, *self._limits(value)])

    def _limits(self, value: pl.Expr) -> list[tuple[pl.Expr, str]]:
        limits: list[tuple[pl.Expr, str]] = []
        if self.lowest is not None:
            limits.append((value < self.lowest, f"it cannot be below {self.lowest}"))
        if self.highest is not None:
            limits.append((value > self.highest, f"it cannot be above {self.highest}"))
        if self.one_of:
            limits.append((~value.is_in(self.one_of), f"it must be one of {', '.join(self.one_of)}"))
        if self.pattern:
            limits.append((~value.str.contains(self.pattern[0]), f"it must be {self.pattern[1]}"))
        return limits


def _text(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String).str.strip_chars()
    return pl.when(~text.is_in(_NULL_MARKS)).then(text)


def _id(name: str) -> Column:
    return Column(name, "whole", lowest=1)


def _day(name: str, is_optional: bool = False) -> Column:
    """A day counted from the start of the presentation, at most ten years away."""
    return Column(name, "whole", is_optional, lowest=-_FURTHEST_DAY, highest=_FURTHEST_DAY)


_PRESENTATION = (
    Column("code_module"),
    Column("code_presentation", pattern=(r"^(19|20)\d\d[BJ]$", "a year followed by B or J")),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "courses": (*_PRESENTATION, Column("module_presentation_length", "whole", lowest=1, highest=_FURTHEST_DAY)),
    "vle": (*_PRESENTATION, _id("id_site"), Column("activity_type")),
    "assessments": (
        *_PRESENTATION,
        _id("id_assessment"),
        Column("assessment_type", one_of=("TMA", "CMA", "Exam")),
        _day("date", is_optional=True),
    ),
    "studentInfo": (
        *_PRESENTATION,
        _id("id_student"),
        Column("final_result", one_of=("Pass", "Distinction", "Fail", "Withdrawn")),
    ),
    "studentRegistration": (
        *_PRESENTATION,
        _id("id_student"),
        _day("date_registration", is_optional=True),
        _day("date_unregistration", is_optional=True),
    ),
    "studentAssessment": (
        _id("id_assessment"),
        _id("id_student"),
        _day("date_submitted"),
        Column("is_banked", "whole", lowest=0, highest=1),
        Column("score", "number", is_optional=True, lowest=0, highest=100),
    ),
    "studentVle": (
        *_PRESENTATION,
        _id("id_student"),
        _id("id_site"),
        _day("date"),
        Column("sum_click", "whole", lowest=1),
    ),
}
"""The columns that the import reads, by table, in the order in which their references can be checked."""
