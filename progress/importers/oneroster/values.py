"""Reading a row's values from text by the kind of their column, and what is wrong with those that cannot be read."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from progress.importers.oneroster.standard import Column, Layout

TIME = pl.Datetime("us")
LONGEST_ID = 255
LONGEST_TEXT = 1_000

_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_NO_TEXT = r"[\x00-\x1f\x7f]"


def column_value(column: Column) -> pl.Expr:
    """The typed value; null if it is missing or cannot be read."""
    text = pl.col(column.name)
    if column.kind == "date":
        return _date(text).alias(column.name)
    if column.kind == "moment":
        return _moment(text).alias(column.name)
    if column.kind == "flag":
        return text.str.to_lowercase().replace_strict(_FLAGS, default=None, return_dtype=pl.Boolean).alias(column.name)
    if column.kind == "ids":
        return _several(text).alias(column.name)
    return text


def _several(text: pl.Expr) -> pl.Expr:
    items = text.fill_null("").str.split(",").list.eval(pl.element().str.strip_chars())
    return items.list.eval(pl.element().filter(pl.element() != "").unique(maintain_order=True))


def _date(text: pl.Expr) -> pl.Expr:
    """A date as in the standard, or with the year last if only one reading is possible: 9/30/2026, 30.9.2026."""
    standard = pl.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(text).str.to_date("%Y-%m-%d", strict=False)
    month_first, day_first = _year_last(text)
    one_way = pl.when(month_first.is_null() | day_first.is_null() | (month_first == day_first))
    read = pl.coalesce(standard, one_way.then(pl.coalesce(month_first, day_first)))
    return pl.when(read.is_between(_EARLIEST, _LATEST)).then(read)


def _year_last(text: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The two possible readings: with the month first, and with the day first."""
    parts = text.str.extract_groups(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
    one, two, year = (parts.struct.field(name) for name in ("1", "2", "3"))
    month_first, day_first = (pl.format("{}-{}-{}", year, *order) for order in ((one, two), (two, one)))
    return month_first.str.to_date("%Y-%m-%d", strict=False), day_first.str.to_date("%Y-%m-%d", strict=False)


def _moment(text: pl.Expr) -> pl.Expr:
    """A moment. Some systems write only a date; it stands for its midnight."""
    zoned = text.str.to_datetime("%+", strict=False, time_unit="us", time_zone="UTC").dt.replace_time_zone(None)
    read = pl.coalesce(zoned, _date(text).cast(TIME))
    return pl.when(read.cast(pl.Date).is_between(_EARLIEST, _LATEST)).then(read)


def problems_of_rows(layout: Layout, *, is_delta: bool) -> pl.Expr:
    """Everything that is wrong with a row's own values, in words; null if nothing is."""
    problems = [problem for column in layout.columns for problem in _problems_of(column)]
    if is_delta:
        required = ("status", "dateLastModified")
        problems += [
            _when(pl.col(name).is_null(), f"{name} is missing; a delta file must have it") for name in required
        ]
    joined = pl.concat_str(problems, separator="; ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def _problems_of(column: Column) -> Iterable[pl.Expr]:
    text, name = pl.col(column.name), column.name
    longest = LONGEST_ID if column.kind == "id" or name == "username" else LONGEST_TEXT
    shown = text.str.slice(0, 60)
    if column.is_required:
        yield _when(text.is_null(), f"{name} is missing")
    yield _when(text.str.contains(_NO_TEXT), f"{name} contains a line break or a character that is no text")
    if column.kind != "ids":
        yield _when(text.str.len_chars() > longest, f"{name} is longer than {longest:,} characters")
    unreadable = text.is_not_null() & column_value(column).is_null()
    if column.kind == "date":
        month_first, day_first = _year_last(text)
        is_either = unreadable & month_first.is_not_null() & day_first.is_not_null()
        either = pl.format(f"{name} is “{{}}”, which may be {{}} or {{}}; write it so", shown, month_first, day_first)
        yield _when(is_either, either)
        yield _when(unreadable & ~is_either, pl.format(f"{name} is “{{}}”, not a date such as 2025-08-15", shown))
    if column.kind == "moment":
        yield _when(unreadable, pl.format(f"{name} is “{{}}”, not a time such as 2025-08-15T06:00:00.000Z", shown))
    if column.kind == "flag":
        yield _when(unreadable, pl.format(f"{name} is “{{}}”, neither true nor false", shown))
    if column.one_of:
        is_other = ~text.is_in(column.one_of) & ~text.str.starts_with("ext:")
        yield _when(is_other, pl.format(f"{name} is “{{}}”, not one of {', '.join(column.one_of)}", shown))


def _when(is_so: pl.Expr, words: pl.Expr | str) -> pl.Expr:
    return pl.when(is_so).then(pl.lit(words) if isinstance(words, str) else words)
