"""A file's rows, typed, from which refused ones are taken out, and what became of each line. Knows no record."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from progress.importers.oneroster.package import PackageFile
from progress.importers.oneroster.standard import Column, Layout
from progress.importers.report import LINES_SCHEMA

TIME = pl.Datetime("us")
LONGEST_ID = 255
LONGEST_TEXT = 1_000

_TOLD = {name: LINES_SCHEMA[name] for name in ("line", "outcome", "reason")}
_BY_WEIGHT = ("refused", "created", "ended", "updated", "unchanged", "ignored")
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
_NO_TEXT = r"[\x00-\x1f\x7f]"


class Table:
    """`rows` are the good ones: `line`, the columns of the layout, and `is_ended` where the status is tobedeleted.

    `raw` are all of them as text: what a refused row names is named all the same.
    """

    def __init__(self, name: str, layout: Layout, file: PackageFile | None = None) -> None:
        """Without a file it is a table without rows."""
        self.name = name
        self.is_present = file is not None
        self.is_delta = file is not None and file.is_delta
        self.raw = raw = file.rows if file else _no_rows(layout)
        ragged = file.ragged if file else pl.DataFrame(schema={"line": pl.Int64, "reason": pl.String})
        lines = pl.concat([raw.select("line", subject="sourcedId"), ragged.select("line", subject=pl.lit(None))])
        self._lines = lines.with_columns(pl.col("subject").str.slice(0, LONGEST_ID)).sort("line")
        self._told: list[pl.DataFrame] = []
        self._refuse(ragged)
        self._refuse(raw.select("line", reason=_problems(layout, self.is_delta)).drop_nulls("reason"))
        values = (column_value(column) for column in layout.columns)
        self.rows = raw.select("line", *values).join(self._refused, on="line", how="anti", maintain_order="left")
        self.rows = self.rows.with_columns(is_ended=pl.col("status").eq_missing("tobedeleted"))
        self._refuse_repeated()

    @property
    def refused_count(self) -> int:
        return self._refused.height

    def refuse(self, where: pl.Expr, reason: pl.Expr | str) -> None:
        """Take out the rows for which the condition holds. A reason given as text stands as it is."""
        told = pl.lit(reason) if isinstance(reason, str) else reason
        judged = self.rows.select("line", is_bad=where.fill_null(False), reason=told)  # told before rows are missing
        self._take_out(judged.filter("is_bad").drop("is_bad"))

    def refuse_unknown(self, column: str, known: pl.Series) -> None:
        """Take out the rows that name, in this column, an id that is not among the known ones. None is no id."""
        is_unknown = pl.col(column).is_not_null() & ~pl.col(column).is_in(known.implode())
        self.refuse(is_unknown, pl.format(f"{column} “{{}}” is unknown or was refused", column))

    def refuse_any_unknown(self, column: str, known: pl.Series) -> None:
        """The same for a column of several ids."""
        named = self.rows.select("line", named=column).explode("named").drop_nulls("named")
        others = named.join(known.unique().to_frame("named"), on="named", how="anti", maintain_order="left")
        unknown = others.group_by("line", maintain_order=True).agg(pl.col("named").str.join("”, “"))
        told = pl.format(f"{column}: “{{}}” is unknown or was refused", "named")
        self._take_out(unknown.select("line", reason=told))

    def tell(self, told: pl.DataFrame) -> None:
        """Say what became of lines: (line, outcome, reason). Several words on one line are put together."""
        self._told.append(told.select(pl.col(name).cast(kind) for name, kind in _TOLD.items()))

    def ignore_rest(self, reason: str) -> None:
        """Say of every row that is left that nothing is stored of it."""
        self.tell(self.rows.select("line", outcome=pl.lit("ignored"), reason=pl.lit(reason)))

    @property
    def lines(self) -> pl.DataFrame:
        """What became of each line (LINES_SCHEMA), and of what the file no longer names (without a line)."""
        weight = pl.col("outcome").replace_strict({word: place for place, word in enumerate(_BY_WEIGHT)})
        told = pl.concat([pl.DataFrame(schema=_TOLD), *self._told]).sort(weight, maintain_order=True)
        # A line that changed something is not told of what else it left as it was.
        said = pl.col("reason").drop_nulls().unique(maintain_order=True).str.join("; ")
        joined = told.group_by("line", maintain_order=True).agg(pl.col("outcome").first(), said)
        whole = self._lines.join(joined, on="line", how="left", maintain_order="left")
        return whole.select(
            file=pl.lit(self.name),
            line="line",
            outcome=pl.col("outcome").fill_null("ignored"),
            subject="subject",
            reason=pl.when(pl.col("reason") != "").then("reason"),
        )

    @property
    def _refused(self) -> pl.DataFrame:
        told = pl.concat([pl.DataFrame(schema=_TOLD), *self._told])
        return told.filter(pl.col("outcome") == "refused").unique("line")

    def _take_out(self, bad: pl.DataFrame) -> None:
        self._refuse(bad)
        self.rows = self.rows.join(bad, on="line", how="anti", maintain_order="left")

    def _refuse(self, bad: pl.DataFrame) -> None:
        self.tell(bad.select("line", outcome=pl.lit("refused"), reason="reason"))

    def _refuse_repeated(self) -> None:
        first = pl.col("line").min().over("sourcedId")
        told = pl.format("sourcedId “{}” stands on line {} already", "sourcedId", first)
        self.refuse(pl.col("line") > first, told)


def ids_of(table: Table) -> pl.Series:
    return table.rows["sourcedId"]


def column_value(column: Column) -> pl.Expr:
    """The typed value, or null where there is none or none that can be read."""
    text = pl.col(column.name)
    if column.kind == "date":
        return _date(text).alias(column.name)
    if column.kind == "moment":
        return _moment(text).alias(column.name)
    if column.kind == "flag":
        return (text == "true").alias(column.name)
    if column.kind == "ids":
        return _several(text).alias(column.name)
    return text


def _several(text: pl.Expr) -> pl.Expr:
    items = text.fill_null("").str.split(",").list.eval(pl.element().str.strip_chars())
    return items.list.eval(pl.element().filter(pl.element() != "").unique(maintain_order=True))


def _date(text: pl.Expr) -> pl.Expr:
    read = pl.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(text).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(read.is_between(_EARLIEST, _LATEST)).then(read)


def _moment(text: pl.Expr) -> pl.Expr:
    """A date alone is taken as its midnight, as some systems write it."""
    zoned = text.str.to_datetime("%+", strict=False, time_unit="us", time_zone="UTC").dt.replace_time_zone(None)
    read = pl.coalesce(zoned, _date(text).cast(TIME))
    return pl.when(read.cast(pl.Date).is_between(_EARLIEST, _LATEST)).then(read)


def _problems(layout: Layout, is_delta: bool) -> pl.Expr:
    """Everything that is wrong with a row's own values, in words; null where nothing is."""
    told = [problem for column in layout.columns for problem in _problems_of(column)]
    if is_delta:
        compulsory = ("status", "dateLastModified")
        told += [_when(pl.col(name).is_null(), f"{name} is missing; a delta file must have it") for name in compulsory]
    joined = pl.concat_str(told, separator="; ", ignore_nulls=True)
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
        yield _when(unreadable, pl.format(f"{name} is “{{}}”, not a date such as 2025-08-15", shown))
    if column.kind == "moment":
        yield _when(unreadable, pl.format(f"{name} is “{{}}”, not a time such as 2025-08-15T06:00:00.000Z", shown))
    if column.kind == "flag":
        yield _when(~text.is_in(["true", "false"]), pl.format(f"{name} is “{{}}”, neither true nor false", shown))
    if column.one_of:
        is_other = ~text.is_in(column.one_of) & ~text.str.starts_with("ext:")
        yield _when(is_other, pl.format(f"{name} is “{{}}”, not one of {', '.join(column.one_of)}", shown))


def _when(is_so: pl.Expr, words: pl.Expr | str) -> pl.Expr:
    return pl.when(is_so).then(pl.lit(words) if isinstance(words, str) else words)


def _no_rows(layout: Layout) -> pl.DataFrame:
    return pl.DataFrame(schema={"line": pl.Int64, **dict.fromkeys(layout.names, pl.String)})
