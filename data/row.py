"""A few rows from and to the record, quickly: each statement is compiled once per table, dialect and set of columns.

SQLite gets the compiled text straight: SQLAlchemy takes several times as long to hand a row over as SQLite to store it.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Executable, Select, Update
from sqlalchemy.dialects import postgresql, sqlite

from data.models.base import EPOCH, Base, UtcTime
from data.record import Record, Transaction

_SQLITE = sqlite.dialect()
_MICROSECOND = timedelta(microseconds=1)


def find_row(record: Record, statement: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]) -> Any:
    """The one row that a statement finds at most, as a named tuple, as of one moment; None without a row."""
    if not record.is_sqlite:
        with record.reading() as connection:
            return connection.execute(statement, parameters).one_or_none()
    query = _SqliteStatement.of(statement)
    with record.looking() as connection:
        found = connection.execute(query.text, query.bound(parameters)).fetchone()
    return found and query.row(found)


def find_rows(tx: Transaction, statement: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]) -> list[Any]:
    """The rows that a statement finds within a transaction, as named tuples."""
    if not tx.is_sqlite:
        return list(tx.execute(statement, parameters))
    query = _SqliteStatement.of(statement)
    with closing(tx.connection.connection.cursor()) as cursor:
        return [query.row(found) for found in cursor.execute(query.text, query.bound(parameters)).fetchall()]


def change_rows(tx: Transaction, statement: Update, parameters: Sequence[Mapping[str, Any]]) -> None:
    """Execute the statement once for each of the parameters."""
    if not parameters:
        return
    if not tx.is_sqlite:
        tx.execute(statement, parameters)
        return
    change = _SqliteStatement.of(statement)
    with closing(tx.connection.connection.cursor()) as cursor:
        cursor.executemany(change.text, [change.bound(each) for each in parameters])


def insert_rows(tx: Transaction, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new rows of a mirrored table, all with the same columns; their ids and the rest are the database's."""
    _write(tx, _insert, model, rows)


def upsert_rows(tx: Transaction, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of a mirrored table, all with the same columns, by the primary key."""
    _write(tx, _upsert, model, rows)


class _SqliteStatement:
    """A statement as SQLite takes it, and what it finds as SQLAlchemy gives it."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Update) -> None:
        compiled: Any = statement.compile(dialect=_SQLITE)
        self.text = str(compiled)
        self._parameters = [(name, _stored(compiled.params[name])) for name in compiled.positiontup]
        columns = statement.exported_columns
        self._row: Any = namedtuple("_row", map(str, columns.keys()), rename=True)  # type: ignore[misc]
        reads = [column.type.dialect_impl(_SQLITE).result_processor(_SQLITE, None) for column in columns]
        self._reads = [(number, read) for number, read in enumerate(reads) if read]

    @staticmethod
    @lru_cache(maxsize=64)
    def of(statement: Select[*tuple[Any, ...]] | Update) -> "_SqliteStatement":
        return _SqliteStatement(statement)

    def bound(self, parameters: Mapping[str, Any]) -> list[Any]:
        """All parameters in the statement's order; those that are not given have the statement's own values."""
        return [_stored(parameters[name]) if name in parameters else value for name, value in self._parameters]

    def row(self, found: Sequence[Any]) -> Any:
        values = list(found)
        for number, read in self._reads:
            values[number] = read(values[number])
        return self._row(*values)


def _write(tx: Transaction, statement: Any, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    numbered = [{**row, "changed_in": tx.number} for row in rows]
    if not tx.is_sqlite:
        tx.execute(statement(model, tuple(rows[0]), False), numbered)
        return
    text, values_of, moments = _sqlite_text(statement, model, tuple(rows[0]))
    bound = [list(values_of(row)) for row in numbered]
    for values in bound:
        for place in moments:
            values[place] = _stored(values[place])
    with closing(tx.connection.connection.cursor()) as cursor:
        cursor.executemany(text, bound)


def _stored(value: Any) -> Any:
    """As `UtcTime` stores a moment; anything else as it is."""
    return (value - EPOCH) // _MICROSECOND if isinstance(value, datetime) else value


@lru_cache(maxsize=64)
def _sqlite_text(
    statement: Any, model: type[Base], columns: tuple[str, ...]
) -> tuple[str, Callable[[Mapping[str, Any]], tuple[Any, ...]], list[int]]:
    """The statement, what takes a row's values in its order, and the places of moments among them."""
    compiled = statement(model, columns, True).compile(dialect=_SQLITE, column_keys=[*columns, "changed_in"])
    kinds = [model.__table__.c[name].type for name in compiled.positiontup]
    moments = [place for place, kind in enumerate(kinds) if isinstance(kind, UtcTime)]
    return str(compiled), itemgetter(*compiled.positiontup), moments


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
