"""Storing a table's rows where the record differs, resolving its ids, and putting changes into words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

import polars as pl
from sqlalchemy import Select, select

from data.bulk import matches_any, rows_where
from data.models import Base
from data.record import Transaction
from data.source_rows import Tally, Written, numbered, stored_rows, write_rows
from progress.importers.oneroster.table import Table
from progress.importers.oneroster.values import TIME

Reference: TypeAlias = Literal["needed", "link", "row of links"]

_KEY = ["external_id"]


def known_ids(tx: Transaction, model: Any, external_ids: pl.Series, **columns: Any) -> pl.DataFrame:
    """external_id and id of the rows stored under these external ids, with further columns under the names given."""
    statement: Select[*tuple[Any, ...]] = select(
        model.external_id, model.id, *(column.label(name) for name, column in columns.items())
    )
    schema = {"external_id": pl.String, "id": pl.Int64, **dict.fromkeys(columns, pl.Int64)}
    unique_ids = external_ids.drop_nulls().unique().to_list()
    return rows_where(tx, statement.where(matches_any(tx, model.external_id, unique_ids)), schema)


def refer(tx: Transaction, table: Table, model: Any, column: str, id_column: str, to: Reference = "needed") -> None:
    """Add the stored id of what a column names.

    If it is unknown, the row is refused (`needed`), stays without the link (`link`), or is left out because it is
    nothing but a link itself (`row of links`).
    """
    known = known_ids(tx, model, table.rows[column])
    judge = {
        "needed": table.refuse_unknown,
        "link": table.leave_out_unknown,
        "row of links": table.leave_out_rows,
    }[to]
    judge(column, known["external_id"])
    ids = known.select(pl.col("external_id").alias(column), pl.col("id").alias(id_column))
    table.rows = table.rows.join(ids, on=column, how="left", maintain_order="left")


def store(
    tx: Transaction,
    table: Table,
    model: type[Base],
    wanted: pl.DataFrame,
    now: datetime,
    words: Mapping[str, str],
    only_new: Sequence[str] = (),
) -> tuple[pl.DataFrame, Tally]:
    """Store rows by their `external_id`; returns the line and id of each, and the tally.

    `wanted` has the columns of the model, `line`, `is_ended` and `modified_at`. A row that had already ended keeps its
    end date. `words` names the columns whose changes are reported.
    """
    stored = stored_rows(tx, model, matches_any(tx, getattr(model, "external_id"), wanted["external_id"]))  # noqa: B009
    if "id" not in wanted.columns:
        wanted = numbered(tx, model, wanted, stored, _KEY)
    if "ended_at" in stored.columns:
        wanted = wanted.join(stored.select(*_KEY, before="ended_at"), on=_KEY, how="left", maintain_order="left")
        wanted = wanted.with_columns(ended_at=end_date(now, pl.col("before"))).drop("before")
    rows = wanted.drop("line", "is_ended", "modified_at")
    written = write_rows(tx, model, rows, stored, _KEY, only_new)
    lines = wanted.select("line", *_KEY)
    results = outcomes(written, stored, _KEY, words)
    table.report(lines.join(results, on=_KEY, maintain_order="left"))
    return wanted.select("line", "id"), tally_of(results)


def end_date(now: datetime, *before: pl.Expr) -> pl.Expr:
    """When rows with `is_ended` ended: the date known before, else the last change, else now; never in the future."""
    changed = pl.when(pl.col("modified_at") <= pl.lit(now, TIME)).then("modified_at")
    return pl.when(pl.col("is_ended")).then(pl.coalesce(*before, changed, pl.lit(now, TIME)))


def outcomes(written: Written, stored: pl.DataFrame, key: Sequence[str], words: Mapping[str, str]) -> pl.DataFrame:
    """(…key, outcome, reason) of every wanted row."""
    created = written.created.select(*key, outcome=pl.lit("created"), reason=pl.lit(None, pl.String))
    both = written.updated.join(stored, on=key, suffix="_before", maintain_order="left")
    changes = [_change(name, word, stored.schema[name]) for name, word in words.items()]
    reason = pl.concat_str(changes, separator="; ", ignore_nulls=True) if changes else pl.lit("")
    updated = both.select(*key, outcome=_is_end(stored), reason=reason)
    changed = pl.concat([created, updated])
    rest = written.rows.join(changed, on=key, how="anti", maintain_order="left")
    unchanged = rest.select(*key, outcome=pl.lit("unchanged"), reason=pl.lit(None, pl.String))
    return pl.concat([changed, unchanged])


def tally_of(results: pl.DataFrame) -> Tally:
    """The tally of one table's results (a column `outcome`)."""
    count: dict[str, int] = dict(results.group_by("outcome").len().rows())
    return Tally(**{word: count.get(word, 0) for word in ("created", "updated", "unchanged", "ended")})


def _is_end(stored: pl.DataFrame) -> pl.Expr:
    ends: list[pl.Expr] = []
    if "ended_at" in stored.columns:
        ends.append(pl.col("ended_at").is_not_null() & pl.col("ended_at_before").is_null())
    if "is_active" in stored.columns:
        ends.append(~pl.col("is_active") & pl.col("is_active_before"))
    return pl.when(pl.any_horizontal(ends)).then(pl.lit("ended")).otherwise(pl.lit("updated"))


def _change(name: str, word: str, kind: pl.DataType) -> pl.Expr:
    """“word a → b”, or the word alone if the values are internal ids or moments."""
    new, old = pl.col(name), pl.col(f"{name}_before")
    if kind in (pl.Int64, TIME):
        return pl.when(new.ne_missing(old)).then(pl.lit(word))
    shown = (value.cast(pl.String).fill_null("–") for value in (old, new))
    return pl.when(new.ne_missing(old)).then(pl.format(f"{word}: {{}} → {{}}", *shown))
