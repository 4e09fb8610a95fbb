"""Writing a table's rows where the record differs, finding what its ids stand for, and wording what changed."""

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
    """external_id and id of what the record has of these, with further columns of the model under the names given."""
    statement: Select[*tuple[Any, ...]] = select(
        model.external_id, model.id, *(column.label(name) for name, column in columns.items())
    )
    schema = {"external_id": pl.String, "id": pl.Int64, **dict.fromkeys(columns, pl.Int64)}
    listed = external_ids.drop_nulls().unique().to_list()
    return rows_where(tx, statement.where(matches_any(tx, model.external_id, listed)), schema)


def refer(tx: Transaction, table: Table, model: Any, column: str, id_column: str, to: Reference = "needed") -> None:
    """Add the record's id for what a column names.

    Rows that name something unknown are refused; stay without the link where it is only a `link`; and are left out
    where they are nothing but a link themselves, a `row of links`.
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
    """Write rows that are known by `external_id`; returns line and id of each, and the tally.

    `wanted` has the columns of the model, `line`, `is_ended` and `modified_at`. What ended before keeps its first end
    date. `words` says how to call the columns whose change is worth telling.
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
    told = outcomes(written, stored, _KEY, words)
    table.tell(lines.join(told, on=_KEY, maintain_order="left"))
    return wanted.select("line", "id"), tally_of(told)


def end_date(now: datetime, *before: pl.Expr) -> pl.Expr:
    """When what `is_ended` ended: as known before, else on its last change, else now; never in the future."""
    changed = pl.when(pl.col("modified_at") <= pl.lit(now, TIME)).then("modified_at")
    return pl.when(pl.col("is_ended")).then(pl.coalesce(*before, changed, pl.lit(now, TIME)))


def outcomes(written: Written, stored: pl.DataFrame, key: Sequence[str], words: Mapping[str, str]) -> pl.DataFrame:
    """(…key, outcome, reason) of every row that was wanted."""
    created = written.created.select(*key, outcome=pl.lit("created"), reason=pl.lit(None, pl.String))
    both = written.updated.join(stored, on=key, suffix="_before", maintain_order="left")
    changes = [_change(name, word, stored.schema[name]) for name, word in words.items()]
    reason = pl.concat_str(changes, separator="; ", ignore_nulls=True) if changes else pl.lit("")
    updated = both.select(*key, outcome=_is_end(stored), reason=reason)
    changed = pl.concat([created, updated])
    rest = written.rows.join(changed, on=key, how="anti", maintain_order="left")
    unchanged = rest.select(*key, outcome=pl.lit("unchanged"), reason=pl.lit(None, pl.String))
    return pl.concat([changed, unchanged])


def tally_of(told: pl.DataFrame) -> Tally:
    """What became of the rows of one table (a column `outcome`)."""
    count: dict[str, int] = dict(told.group_by("outcome").len().rows())
    return Tally(**{word: count.get(word, 0) for word in ("created", "updated", "unchanged", "ended")})


def _is_end(stored: pl.DataFrame) -> pl.Expr:
    ends: list[pl.Expr] = []
    if "ended_at" in stored.columns:
        ends.append(pl.col("ended_at").is_not_null() & pl.col("ended_at_before").is_null())
    if "is_active" in stored.columns:
        ends.append(~pl.col("is_active") & pl.col("is_active_before"))
    return pl.when(pl.any_horizontal(ends)).then(pl.lit("ended")).otherwise(pl.lit("updated"))


def _change(name: str, word: str, kind: pl.DataType) -> pl.Expr:
    """“word a → b”, or the word alone where the values are numbers of ours."""
    new, old = pl.col(name), pl.col(f"{name}_before")
    if kind in (pl.Int64, TIME):
        return pl.when(new.ne_missing(old)).then(pl.lit(word))
    shown = (value.cast(pl.String).fill_null("–") for value in (old, new))
    return pl.when(new.ne_missing(old)).then(pl.format(f"{word}: {{}} → {{}}", *shown))
