"""One row into the record, quickly: the statement is built and compiled once per table, dialect and set of columns."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite

from data.models.base import Base
from data.record import Transaction


def upsert_row(tx: Transaction, model: type[Base], row: Mapping[str, Any]) -> None:
    """Write one row of a mirrored table by its primary key."""
    tx.execute(_upsert(model, tuple(row), tx.is_sqlite), {**row, "changed_in": tx.number})


@lru_cache(maxsize=64)
def _upsert(model: type[Base], columns: tuple[str, ...], is_sqlite: bool) -> Executable:
    key = [column.name for column in model.__table__.primary_key]
    insert: Any = sqlite.insert(model) if is_sqlite else postgresql.insert(model)
    changed = {name: insert.excluded[name] for name in (*columns, "changed_in") if name not in key}
    statement: Executable = insert.on_conflict_do_update(index_elements=key, set_=changed)
    return statement
