"""One row into the record, quickly: the statement is built and compiled once per table, dialect and set of columns.

SQLite gets the compiled text straight: SQLAlchemy takes several times as long to hand a row over as SQLite to store it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite

from data.models.base import EPOCH, Base
from data.record import Transaction

_MICROSECOND = timedelta(microseconds=1)


def insert_row(tx: Transaction, model: type[Base], row: Mapping[str, Any]) -> None:
    """Store a new row of a mirrored table; its id, and what the row leaves out, are the database's to give."""
    _write(tx, _insert, model, row)


def upsert_row(tx: Transaction, model: type[Base], row: Mapping[str, Any]) -> None:
    """Write one row of a mirrored table by its primary key."""
    _write(tx, _upsert, model, row)


def _write(tx: Transaction, statement: Any, model: type[Base], row: Mapping[str, Any]) -> None:
    values = {**row, "changed_in": tx.number}
    if not tx.is_sqlite:
        tx.execute(statement(model, tuple(row), False), values)
        return
    text, names = _sqlite_text(statement, model, tuple(row))
    cursor: Any = tx.connection.connection.cursor()
    cursor.execute(text, [_stored(values[name]) for name in names])
    cursor.close()


def _stored(value: Any) -> Any:
    """As `UtcTime` stores a moment; anything else as it is."""
    return (value - EPOCH) // _MICROSECOND if isinstance(value, datetime) else value


@lru_cache(maxsize=64)
def _sqlite_text(statement: Any, model: type[Base], columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The statement, and the columns in the order in which it takes their values."""
    compiled = statement(model, columns, True).compile(dialect=sqlite.dialect(), column_keys=[*columns, "changed_in"])
    return str(compiled), tuple(compiled.positiontup)


@lru_cache(maxsize=64)
def _insert(model: type[Base], columns: tuple[str, ...], is_sqlite: bool) -> Executable:
    return sqlite.insert(model) if is_sqlite else postgresql.insert(model)


@lru_cache(maxsize=64)
def _upsert(model: type[Base], columns: tuple[str, ...], is_sqlite: bool) -> Executable:
    key = [column.name for column in model.__table__.primary_key]
    insert: Any = _insert(model, columns, is_sqlite)
    changed = {name: insert.excluded[name] for name in (*columns, "changed_in") if name not in key}
    statement: Executable = insert.on_conflict_do_update(index_elements=key, set_=changed)
    return statement
