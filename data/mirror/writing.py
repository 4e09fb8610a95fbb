"""Writing the mirror, completely or incrementally, in one transaction that also stores the position."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table

from data.columnar import Snapshot
from data.mirror.activity import add_incoming_events, count_afresh, moves_activity, note_time_zones
from data.mirror.checking import MirrorDifference, differences, is_complete
from data.mirror.copies import Copies
from data.mirror.course_rows import CourseRows
from data.mirror.layout import lay_out, mirrored_columns, mirrored_tables
from data.mirror.position import Position, changed_since
from data.models import ProgressEvent, School


@dataclass(frozen=True)
class Written:
    """How many rows were written, and the courses that they belong to; None if they may affect every course."""

    rows_count: int
    courses: frozenset[int] | None


class Writer:
    """The only writer of a mirror's database, for one thread at a time. Readers see all of a transaction or nothing."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._copies = Copies(connection)
        self._course_rows = CourseRows(connection)

    def position(self) -> Position | None:
        """The position of the database; None before it was first filled."""
        state = "select record_uuid, mirror_epoch, mark, witness from record.mirror_state"
        (row,) = self._connection.execute(state).fetchall()  # read to the end, or the transaction stays open
        return Position(*row) if row[0] else None

    def close(self) -> None:
        self._connection.close()

    def is_complete(self, snapshot: Snapshot) -> bool:
        return is_complete(self._connection, snapshot)

    def differences(self, snapshot: Snapshot) -> list[MirrorDifference]:
        return differences(self._connection, snapshot)

    def rebuild(self, snapshot: Snapshot, reached: Position) -> Written:
        """Drop everything and copy the whole record."""
        with self._transaction(reached):
            lay_out(self._connection)
            rows = sum(self._copies.load(snapshot, table) for table in mirrored_tables())
            note_time_zones(self._connection)
            count_afresh(self._connection)
        self._course_rows = CourseRows(self._connection)
        return Written(rows, None)

    def apply(self, snapshot: Snapshot, earlier: Position, reached: Position, tables: Iterable[Table]) -> Written:
        """Write what changed in these tables since the earlier position.

        The tables must come in the order of their references.
        """
        condition = changed_since(earlier, snapshot.is_sqlite)
        rows = 0
        courses: frozenset[int] | None = frozenset()
        with self._transaction(reached):
            is_moved = False
            for table in tables:
                for batch in snapshot.batches(table, condition, mirrored_columns(table)):
                    is_moved |= self._write(table, batch)
                    rows += batch.num_rows
                    changed = self._course_rows.courses_of(table.name, batch)
                    courses = None if courses is None or changed is None else courses | changed
            if is_moved:
                count_afresh(self._connection)
        return Written(rows, None if is_moved else courses)

    def _write(self, table: Table, batch: pa.RecordBatch) -> bool:
        """Write one batch of changed rows; returns whether activity must be counted again."""
        self._copies.receive(table, batch)
        if table is ProgressEvent.__table__:
            return self._write_events(table, batch)
        is_moved = moves_activity(self._connection, table.name)
        self._copies.upsert(table)
        if table is School.__table__:
            note_time_zones(self._connection)
        return is_moved

    def _write_events(self, table: Table, batch: pa.RecordBatch) -> bool:
        """Like `_write`; new events are counted."""
        known = self._copies.known_ids(table)
        is_moved = bool(known) and moves_activity(self._connection, table.name)
        if known:
            self._copies.upsert(table)
            batch = batch.filter(pc.invert(pc.is_in(batch["id"], pa.array(known, pa.int64()))))
            self._copies.receive(table, batch)
        else:
            self._copies.insert(table)
        add_incoming_events(self._connection, batch.num_rows)
        return is_moved

    @contextmanager
    def _transaction(self, reached: Position) -> Iterator[None]:
        self._connection.execute("begin")
        try:
            yield
            self._connection.execute(
                "update record.mirror_state set record_uuid = ?, mirror_epoch = ?, mark = ?, witness = ?",
                [reached.record_uuid, reached.mirror_epoch, reached.mark, reached.witness],
            )
            self._connection.execute("commit")
        except duckdb.Error:
            raise  # the whole mirror is given up then
        except BaseException:
            self._connection.execute("rollback")
            raise
