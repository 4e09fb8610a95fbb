"""Copying rows from the record: whole tables into empty ones, or changed rows by primary key."""

from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table

from data.columnar import Snapshot
from data.mirror.layout import arrow_schema, mirrored_columns, mirrored_tables

COPIED = "whole_table"  # in DuckDB, the record's table that is being read
_FEW_ROWS = 2  # up to this many, finding each by key is faster than planning a join


class Incoming:
    """The current batch as a table in DuckDB; registering every batch would take half a millisecond each."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema) -> None:
        self.batch = schema.empty_table()
        connection.register(name, self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        return self.batch.__arrow_c_stream__(requested_schema)


class Copies:
    """Writes the copies. In DuckDB `incoming_<table>` is the batch that is being written."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._incoming = {
            table.name: Incoming(connection, f"incoming_{table.name}", arrow_schema(table))
            for table in mirrored_tables()
        }
        for name in self._incoming:
            connection.execute(f"prepare insert_{name} as insert into record.{name} from incoming_{name}")

    def load(self, snapshot: Snapshot, table: Table) -> int:
        """Copy the whole table into its empty copy; returns the number of rows."""
        self._connection.register(COPIED, snapshot.batches(table, columns=mirrored_columns(table)))
        loaded = self._connection.execute(f"insert into record.{table.name} from {COPIED}").fetchall()
        self._connection.unregister(COPIED)
        return int(loaded[0][0])

    def receive(self, table: Table, batch: pa.RecordBatch) -> None:
        """Make this the table's incoming batch."""
        self._incoming[table.name].batch = pa.Table.from_batches([batch])

    def known_ids(self, table: Table) -> list[int]:
        """The ids of incoming rows that already have a copy."""
        lowest = pc.min(self._incoming[table.name].batch["id"]).as_py()
        newer = f"select 1 from record.{table.name} where id >= ? limit 1"
        if self._connection.execute(newer, [lowest]).fetchone() is None:
            return []  # the common case, recognised without planning a join
        known = f"select id from record.{table.name} semi join incoming_{table.name} using (id)"
        return [row[0] for row in self._connection.execute(known).fetchall()]

    def upsert(self, table: Table) -> None:
        """Replace the copies of the incoming rows, or add them."""
        self._forget(table)
        self.insert(table)

    def insert(self, table: Table) -> None:
        """Add the incoming rows, none of which may have a copy."""
        self._connection.execute(f"execute insert_{table.name}")

    def _forget(self, table: Table) -> None:
        """Delete the copies of the incoming rows."""
        key = [column.name for column in table.primary_key]
        batch = self._incoming[table.name].batch
        if batch.num_rows > _FEW_ROWS:
            same = " and ".join(f"copy.{name} = changed.{name}" for name in key)
            self._connection.execute(
                f"delete from record.{table.name} as copy using incoming_{table.name} as changed where {same}"
            )
            return
        found = " and ".join(f"{name} = ?" for name in key)
        for row in batch.select(key).to_pylist():
            self._connection.execute(f"delete from record.{table.name} where {found}", list(row.values()))
