"""Reading and writing single rows quickly: each statement is compiled once per table, dialect and set of columns.

SQLite gets the compiled text directly: SQLAlchemy takes several times as long to pass a row as SQLite to store it.
"""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, Select, Update
from sqlalchemy.dialects import postgresql, sqlite

from data.models.base import Base, UtcTime
from data.record import Record, Transaction

_SQLITE = sqlite.dialect()
_MOMENTS = UtcTime()


def find_row(record: Record, statement: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]) -> Any:
    """The row that a statement finds, as a named tuple; None without one. It must find at most one."""
    if not record.is_sqlite:
        with record.reading() as connection:
            return connection.execute(statement, parameters).one_or_none()
    query = _SqliteStatement.of(statement)
    with record.looking() as connection:
        found = connection.execute(query.text, query.bound(parameters)).fetchone()
    return found and query.row(found)


def find_rows(tx: Transaction, statement: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]) -> list[Any]:
    """The rows that a statement finds in a transaction, as named tuples."""
    if not tx.is_sqlite:
        return list(tx.execute(statement, parameters))
    query = _SqliteStatement.of(statement)
    with closing(tx.connection.connection.cursor()) as cursor:
        return [query.row(found) for found in cursor.execute(query.text, query.bound(parameters)).fetchall()]


def change_rows(tx: Transaction, statement: Insert | Update, parameters: Sequence[Mapping[str, Any]]) -> None:
    """Execute the statement once for each of the parameters, which all have the same names."""
    if not parameters:
        return
    if not tx.is_sqlite:
        tx.execute(statement, parameters)
        return
    change = _SqliteStatement.of(statement, tuple(parameters[0]))
    with closing(tx.connection.connection.cursor()) as cursor:
        cursor.executemany(change.text, list(map(change.bound, parameters)))


def insert_rows(tx: Transaction, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of a mirrored table, all with the same columns; the database fills in the others."""
    change_rows(tx, _insert(model, tx.is_sqlite), _numbered(tx, rows))


def upsert_rows(tx: Transaction, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Upsert rows of a mirrored table by primary key; all have the same columns."""
    if rows:
        change_rows(tx, _upsert(model, tuple(rows[0]), tx.is_sqlite), _numbered(tx, rows))


class _SqliteStatement:
    """A statement compiled for raw sqlite3; values are converted as SQLAlchemy would."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update, names: tuple[str, ...] | None) -> None:
        compiled: Any = statement.compile(dialect=_SQLITE, column_keys=names)
        self.text = str(compiled)
        self._parameters = [(name, compiled.params[name]) for name in compiled.positiontup]
        kinds = [compiled.binds[name].type for name in compiled.positiontup]
        self._moments = [place for place, kind in enumerate(kinds) if isinstance(kind, UtcTime)]
        columns = statement.exported_columns
        self._row: Any = namedtuple("_row", map(str, columns.keys()), rename=True)  # type: ignore[misc]
        reads = [column.type.dialect_impl(_SQLITE).result_processor(_SQLITE, None) for column in columns]
        self._reads = [(place, read) for place, read in enumerate(reads) if read]

    @staticmethod
    @lru_cache(maxsize=64)
    def of(
        statement: Select[*tuple[Any, ...]] | Insert | Update, names: tuple[str, ...] | None = None
    ) -> "_SqliteStatement":
        """`names` are the parameters' names; an insert takes its columns from them."""
        return _SqliteStatement(statement, names)

    def bound(self, parameters: Mapping[str, Any]) -> list[Any]:
        """All parameters in the statement's order; missing ones take the statement's own values."""
        values = [parameters.get(name, own) for name, own in self._parameters]
        for place in self._moments:
            values[place] = _MOMENTS.process_bind_param(values[place], _SQLITE)
        return values

    def row(self, found: Sequence[Any]) -> Any:
        values = list(found)
        for place, read in self._reads:
            values[place] = read(values[place])
        return self._row(*values)


def _numbered(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "changed_in": tx.number} for row in rows]


@lru_cache(maxsize=64)
def _insert(model: type[Base], is_sqlite: bool) -> Any:
    return sqlite.insert(model) if is_sqlite else postgresql.insert(model)


@lru_cache(maxsize=64)
def _upsert(model: type[Base], columns: tuple[str, ...], is_sqlite: bool) -> Insert:
    key = [column.name for column in model.__table__.primary_key]
    insert = _insert(model, is_sqlite)
    changed = {name: insert.excluded[name] for name in (*columns, "changed_in") if name not in key}
    statement: Insert = insert.on_conflict_do_update(index_elements=key, set_=changed)
    return statement
