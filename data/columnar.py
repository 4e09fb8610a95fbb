"""Reading the record's tables as Arrow, all from one consistent snapshot.

PostgreSQL is read through ADBC. SQLite's ADBC driver brings its own SQLite, and two SQLites in one process undo each
other's file locks (a connection closed in one deletes the write-ahead log under the other). So whole tables are read by
a separate process, `data.columnar_reader`, and small changes by Python's SQLite.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import adbc_driver_manager
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, Table
from sqlalchemy.engine import make_url

from data.columnar_reader import ReaderProcess, RecordNotReadable
from data.models.base import UtcTime
from data.record import Record

_EMPTY = {pa.int64(): "0", pa.float64(): "0.0", pa.string(): "''"}
_ROWS_AT_ONCE = 10_000
_LARGE = 20_000_000  # bytes of SQLite; a smaller record is read faster than a process starts


class Source(Protocol):
    """Anything that answers statements from one state of the record."""

    has_typed_header: bool

    def batches(self, statement: str, wire: pa.Schema) -> Iterator[pa.RecordBatch]: ...

    def rows(self, statement: str) -> list[tuple[Any, ...]]: ...


class Snapshot:
    """One state of the record. Text, 64-bit integers, doubles, booleans, dates and UTC timestamps in microseconds."""

    def __init__(self, source: Source, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite
        self.source = source

    def batches(self, table: Table, where: str = "", columns: list[str] | None = None) -> pa.RecordBatchReader:
        """The table's rows that satisfy the SQL condition, as a stream of batches with the table's types.

        Read each stream to its end before requesting the next one.
        """
        chosen = [table.c[name] for name in columns] if columns else list(table.c)
        schema = pa.schema([(column.name, arrow_type(column)) for column in chosen])
        wire = pa.schema([(column.name, _wire_type(column)) for column in chosen])
        source = self.source.batches(self._statement(table, chosen, where), wire)
        return pa.RecordBatchReader.from_batches(schema, (_typed(batch, schema) for batch in source))

    def value(self, statement: str) -> Any:
        """The single value of a statement, or None."""
        rows = self.rows(statement)
        return rows[0][0] if rows else None

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.source.rows(statement)

    def _statement(self, table: Table, columns: list[Column[Any]], where: str) -> str:
        names = ", ".join(_stored(column, self.is_sqlite) for column in columns)
        rows = f"select {names} from {table.name}" + (f" where {where}" if where else "")
        if not self.source.has_typed_header:
            return rows
        # The driver infers a column's type from the first values, and fails on a double after integers or nulls. So a
        # first row has the right types, and the source drops it again.
        header = ", ".join(_EMPTY[_wire_type(column)] for column in columns)
        return f"select {header} union all {rows}"


class ColumnarReader:
    """A connection that serves one snapshot after another. It connects when needed, and again after an error.

    For one thread at a time. It stays open because ADBC takes 100 ms to connect to PostgreSQL.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._connection: Any = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The record as committed now, unchanging until the end of the block."""
        try:
            source = self._source()
            source.rows(_BEGIN[self._record.is_sqlite])
            yield Snapshot(source, self._record.is_sqlite)
            source.rows("rollback")
        except (sqlite3.Error, adbc_driver_manager.Error) as error:
            self.close()
            raise RecordNotReadable(str(error)) from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _source(self) -> "_SqliteSource | _PostgresqlSource":
        if self._connection is None:
            self._connection = _sqlite(self._record) if self._record.is_sqlite else _postgresql(self._record)
        return _SqliteSource(self._connection) if self._record.is_sqlite else _PostgresqlSource(self._connection)


_BEGIN = {True: "begin", False: "begin isolation level repeatable read, read only"}


@contextmanager
def snapshot(record: Record, *, whole: bool = False) -> Iterator[Snapshot]:
    """Open a snapshot of the record as committed now. Use `whole` to read whole tables."""
    if whole and record.is_sqlite and _bytes(record) > _LARGE:
        with snapshot_by_process(record) as opened:
            yield opened
        return
    reader = ColumnarReader(record)
    with reader.snapshot() as opened:
        yield opened
    reader.close()


@contextmanager
def snapshot_by_process(record: Record) -> Iterator[Snapshot]:
    """A snapshot of an SQLite record read by a separate process, which is many times faster once it has started."""
    with ReaderProcess(_uri(record)) as source:
        yield Snapshot(source, is_sqlite=True)


class _SqliteSource:
    has_typed_header = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def batches(self, statement: str, wire: pa.Schema) -> Iterator[pa.RecordBatch]:
        cursor = self._connection.execute(statement)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            columns = zip(*rows, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, wire, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=wire)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement).fetchall()


class _PostgresqlSource:
    has_typed_header = False

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def batches(self, statement: str, wire: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            yield from cursor.fetch_record_batch()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())


def _sqlite(record: Record) -> sqlite3.Connection:
    """A connection on which the driver begins no transactions by itself."""
    return sqlite3.connect(_uri(record), uri=True, isolation_level=None, timeout=30, check_same_thread=False)


def _uri(record: Record) -> str:
    """The URI that opens the SQLite file only if it exists."""
    return _file(record).as_uri() + "?mode=rw"


def _bytes(record: Record) -> int:
    """The size of the SQLite file with its log."""
    file = _file(record)
    return sum(path.stat().st_size for path in (file, file.with_name(file.name + "-wal")) if path.exists())


def _file(record: Record) -> Path:
    return Path(make_url(record.url).database or "").resolve()


def _postgresql(record: Record) -> Any:
    import adbc_driver_postgresql.dbapi  # imported here because it loads pandas and more, which takes half a second

    url = make_url(record.url).set(drivername="postgresql").render_as_string(hide_password=False)
    return adbc_driver_postgresql.dbapi.connect(url, autocommit=True)


def arrow_type(column: Column[Any]) -> pa.DataType:
    """The Arrow type in which a column of the record arrives."""
    kind = column.type
    if isinstance(kind, UtcTime):
        return pa.timestamp("us")
    if isinstance(kind, Boolean):
        return pa.bool_()
    if isinstance(kind, BigInteger | Integer):
        return pa.int64()
    if isinstance(kind, Float):
        return pa.float64()
    return pa.date32() if isinstance(kind, Date) else pa.string()


def _wire_type(column: Column[Any]) -> pa.DataType:
    """The Arrow type of a column as SQLite stores it."""
    final = arrow_type(column)
    if final in (pa.float64(), pa.string()):
        return final
    return pa.string() if final == pa.date32() else pa.int64()


def _stored(column: Column[Any], is_sqlite: bool) -> str:
    if not is_sqlite and isinstance(column.type, UtcTime):
        return f"{column.name} at time zone 'UTC' as {column.name}"
    return str(column.name)


def _typed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    arrays = [_cast(column, field.type) for column, field in zip(batch.columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cast(values: pa.Array, wanted: pa.DataType) -> pa.Array:
    return values if values.type == wanted else pc.cast(values, wanted)
