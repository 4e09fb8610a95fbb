"""Writing rows of a source that has its own ids: new rows get ids here, changed ones are updated.

Knows nothing of what the rows mean.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

import polars as pl
import pyarrow as pa
from sqlalchemy import ColumnElement, Table, func, select, text

from data.bulk import rows_where, upsert
from data.columnar import arrow_type
from data.models import Base
from data.record import Transaction


@dataclass(frozen=True)
class Tally:
    """How many rows of one table an import created, updated, left unchanged and ended."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    ended: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.ended

    def __str__(self) -> str:
        words = f"{self.created:,} created, {self.updated:,} updated, {self.unchanged:,} unchanged"
        return f"{words}, {self.ended:,} ended" if self.ended else words


@dataclass(frozen=True)
class Written:
    """The `created` and `updated` rows, and all wanted `rows` as they are stored now."""

    created: pl.DataFrame
    updated: pl.DataFrame
    rows: pl.DataFrame

    @property
    def has_changed(self) -> bool:
        return self.created.height + self.updated.height > 0

    @property
    def tally(self) -> Tally:
        changed = self.created.height + self.updated.height
        return Tally(self.created.height, self.updated.height, self.rows.height - changed)


def write_rows(
    tx: Transaction,
    model: type[Base],
    wanted: pl.DataFrame,
    stored: pl.DataFrame,
    key: Sequence[str],
    only_new: Sequence[str] = (),
) -> Written:
    """Bring the stored rows in line with the wanted ones. `key` is unique in both.

    `stored` has whole rows (from `stored_rows`). The columns in `only_new` are set on new rows and never changed later.
    New rows get ids here, unless they have them already (from `numbered`).
    """
    typed = wanted.cast({name: kind for name, kind in stored.schema.items() if name in wanted.columns})
    owned = [name for name in typed.columns if name not in only_new]
    unseen = typed.join(stored, on=key, how="anti", maintain_order="left")
    seen = typed.select(owned).join(stored.drop(set(owned) - set(key)), on=key, maintain_order="left")
    has_own_ids = "id" in stored.columns and "id" not in typed.columns
    created = _with_ids(tx, model, unseen) if has_own_ids else unseen
    updated = seen.select(stored.columns).join(stored, on=stored.columns, how="anti", nulls_equal=True)
    upsert(tx, model, created)
    upsert(tx, model, updated)
    return Written(created, updated, pl.concat([created, seen], how="diagonal"))


def numbered(
    tx: Transaction, model: type[Base], wanted: pl.DataFrame, stored: pl.DataFrame, key: Sequence[str]
) -> pl.DataFrame:
    """The wanted rows with the ids that they have or will have, so that rows can refer to one another."""
    unseen = _with_ids(tx, model, wanted.join(stored, on=key, how="anti", maintain_order="left").select(key))
    ids = pl.concat([stored.select(*key, "id"), unseen.select(*key, "id")])
    return wanted.join(ids, on=key, maintain_order="left")


def stored_rows(tx: Transaction, model: type[Base], where: ColumnElement[bool]) -> pl.DataFrame:
    """Whole rows of a table, without `changed_in`."""
    columns = [column for column in _table(model).c if column.name != "changed_in"]
    schema = pl.Schema(pa.schema([(column.name, arrow_type(column)) for column in columns]))
    return rows_where(tx, select(*columns).where(where), dict(schema))


def _table(model: type[Base]) -> Table:
    table: Table = model.__table__  # type: ignore[assignment]
    return table


def _with_ids(tx: Transaction, model: type[Base], rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(id=pl.Series(_new_ids(tx, model, rows.height), dtype=pl.Int64))


def _new_ids(tx: Transaction, model: type[Base], count: int) -> Sequence[int]:
    """Unused ids. On PostgreSQL they come from the sequence, since others may be writing."""
    table = model.__tablename__
    if tx.is_sqlite:
        last: Any = tx.execute(select(func.max(_table(model).c.id))).scalar_one() or 0
        return range(last + 1, last + 1 + count)
    drawn = text("select nextval(pg_get_serial_sequence(:table, 'id')) from generate_series(1, :count)")
    return sorted(tx.execute(drawn, {"table": table, "count": count}).scalars())
