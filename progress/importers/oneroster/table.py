"""A file's typed rows without the refused ones, and the outcome of each line. Knows nothing of the record."""

import polars as pl

from progress.importers.oneroster.package import PackageFile
from progress.importers.oneroster.standard import Layout
from progress.importers.oneroster.values import LONGEST_ID, column_value, problems_of_rows
from progress.importers.shared.report import LINES_SCHEMA

_RESULT = {name: LINES_SCHEMA[name] for name in ("line", "outcome", "reason")}
_BY_WEIGHT = ("refused", "created", "ended", "updated", "unchanged", "ignored")
_UNKNOWN = "“{}” is unknown or was refused"


class Table:
    """`rows` are the good ones: `line`, the layout's columns, and `is_ended` if the status is tobedeleted.

    `raw` are all rows as text, for lookups in which refused rows count too.
    """

    def __init__(self, name: str, layout: Layout, file: PackageFile | None = None, *, is_strict: bool = False) -> None:
        """Without a file the table has no rows. If strict, it refuses rows that refer to something unknown."""
        self.name = name
        self.is_strict = is_strict
        self.left_out_count = 0
        self.listed_ids = pl.Series(dtype=pl.String)  # of every file of the package
        self.is_present = file is not None
        self.is_delta = file is not None and file.is_delta
        self.raw = raw = file.rows if file else _no_rows(layout)
        ragged = file.ragged if file else pl.DataFrame(schema={"line": pl.Int64, "reason": pl.String})
        lines = pl.concat([raw.select("line", subject="sourcedId"), ragged.select("line", subject=pl.lit(None))])
        self._lines = lines.with_columns(pl.col("subject").str.slice(0, LONGEST_ID)).sort("line")
        self._results: list[pl.DataFrame] = []
        self._refuse(ragged)
        self._refuse(raw.select("line", reason=problems_of_rows(layout, is_delta=self.is_delta)).drop_nulls("reason"))
        values = (column_value(column) for column in layout.columns)
        self.rows = raw.select("line", *values).join(self._refused, on="line", how="anti", maintain_order="left")
        self.rows = self.rows.with_columns(is_ended=pl.col("status").eq_missing("tobedeleted"))
        self._refuse_repeated()

    @property
    def refused_count(self) -> int:
        return self._refused.height

    def refuse(self, where: pl.Expr, reason: pl.Expr | str) -> None:
        """Take out the rows for which the condition holds. A reason is a text or an expression."""
        words = pl.lit(reason) if isinstance(reason, str) else reason
        # The reason may look at other rows, so it is evaluated before any are taken out.
        judged = self.rows.select("line", is_bad=where.fill_null(False), reason=words)
        self._take_out(judged.filter("is_bad").drop("is_bad"))

    def refuse_unknown(self, column: str, known: pl.Series) -> None:
        """Take out the rows whose id in this column is not among the known ones; null is allowed."""
        is_unknown = pl.col(column).is_not_null() & ~pl.col(column).is_in(known.implode())
        self.refuse(is_unknown, pl.format(f"{column} {_UNKNOWN}", column))

    def leave_out_unknown(self, column: str, known: pl.Series) -> None:
        """Remove unknown ids from a column of one or several ids, and count them; the rows stay without these links.

        Rows that name something that is in the package but was refused are refused too.
        """
        is_one = self.rows.schema[column] == pl.String
        word = column if is_one else f"{column}:"
        named = self.rows.select("line", named=column)
        named = (named if is_one else named.explode("named")).drop_nulls("named")
        unknown = named.join(known.unique().to_frame("named"), on="named", how="anti", maintain_order="left")
        refused = unknown if self.is_strict else unknown.filter(pl.col("named").is_in(self.listed_ids.implode()))
        self._take_out(_by_line(refused).select("line", reason=pl.format(f"{word} {_UNKNOWN}", _joined())))
        lost = unknown.join(refused, on="line", how="anti", maintain_order="left")
        reason = pl.format(f"{word} “{{}}” is not in the export and was left out", _joined())
        self.report(_by_line(lost).select("line", outcome=pl.lit("unchanged"), reason=reason))
        self.left_out_count += lost.height
        ids = pl.col("named").list.first() if is_one else pl.col("named").fill_null([])
        kept = _by_line(named.join(lost, on=["line", "named"], how="anti", maintain_order="left"))
        joined = self.rows.join(kept, on="line", how="left", maintain_order="left")
        self.rows = joined.with_columns(ids.alias(column)).drop("named")

    def leave_out_rows(self, column: str, known: pl.Series) -> None:
        """Leave out, and count, the rows with an unknown id in this column, since they are only links themselves."""
        self.refuse_unknown(column, known if self.is_strict else pl.concat([known, self._outside(column)]))
        lost = self.rows.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(known.implode()))
        reason = pl.format(f"{column} “{{}}” is not in the export; the row was left out", column)
        self.report(lost.select("line", outcome=pl.lit("ignored"), reason=reason))
        self.left_out_count += lost.height
        self.rows = self.rows.join(lost, on="line", how="anti", maintain_order="left")

    def _outside(self, column: str) -> pl.Series:
        """The ids in this column that the package does not contain."""
        return self.rows.filter(~pl.col(column).is_in(self.listed_ids.implode()))[column].drop_nulls()

    def report(self, results: pl.DataFrame) -> None:
        """Add outcomes of lines: (line, outcome, reason). Several reasons for one line are joined."""
        self._results.append(results.select(pl.col(name).cast(kind) for name, kind in _RESULT.items()))

    def ignore_rest(self, reason: str) -> None:
        """Report every remaining row as ignored."""
        self.report(self.rows.select("line", outcome=pl.lit("ignored"), reason=pl.lit(reason)))

    @property
    def lines(self) -> pl.DataFrame:
        """The outcome of each line (LINES_SCHEMA)."""
        weight = pl.col("outcome").replace_strict({word: place for place, word in enumerate(_BY_WEIGHT)})
        results = pl.concat([pl.DataFrame(schema=_RESULT), *self._results]).sort(weight, maintain_order=True)
        reasons = pl.col("reason").drop_nulls().unique(maintain_order=True).str.join("; ")
        joined = results.group_by("line", maintain_order=True).agg(pl.col("outcome").first(), reasons)
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
        results = pl.concat([pl.DataFrame(schema=_RESULT), *self._results])
        return results.filter(pl.col("outcome") == "refused").unique("line")

    def _take_out(self, bad: pl.DataFrame) -> None:
        self._refuse(bad)
        self.rows = self.rows.join(bad, on="line", how="anti", maintain_order="left")

    def _refuse(self, bad: pl.DataFrame) -> None:
        self.report(bad.select("line", outcome=pl.lit("refused"), reason="reason"))

    def _refuse_repeated(self) -> None:
        first = pl.col("line").min().over("sourcedId")
        reason = pl.format("sourcedId “{}” stands on line {} already", "sourcedId", first)
        self.refuse(pl.col("line") > first, reason)


def ids_of(table: Table) -> pl.Series:
    return table.rows["sourcedId"]


def _no_rows(layout: Layout) -> pl.DataFrame:
    return pl.DataFrame(schema={"line": pl.Int64, **dict.fromkeys(layout.names, pl.String)})


def _by_line(named: pl.DataFrame) -> pl.DataFrame:
    """One row for each line, with a list of what it names."""
    return named.group_by("line", maintain_order=True).agg("named")


def _joined() -> pl.Expr:
    return pl.col("named").list.join("”, “")
