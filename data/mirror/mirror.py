"""One mirror of one record, which refreshes itself and gives out cursors. The steps are in the modules next to it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TypeVar

import duckdb

from data.columnar import ColumnarReader, Snapshot, snapshot
from data.columnar_reader import RecordNotReadable
from data.mirror.checking import MirrorDifference
from data.mirror.failures import MirrorBroken, MirrorReplaced, is_someone_elses
from data.mirror.layout import mirrored_tables
from data.mirror.position import Position, changed_rows, goes_on, position_in
from data.mirror.readers import Readers
from data.mirror.storage import claim_file, open_database, remove_file
from data.mirror.writing import Writer, Written
from data.models.base import EPOCH
from data.record import Record

_T = TypeVar("_T")

_log = logging.getLogger(__name__)

_SECONDS_FOR_READERS = 0.5
_MANY_ROWS = 50_000  # from this many on, reading them like whole tables is faster


@dataclass(frozen=True)
class Change:
    """What changed in the record from one position to another; from None it is the whole record."""

    earlier: Position | None
    reached: Position
    rows_by_table: dict[str, int]  # counted up to _MANY_ROWS; only tables with changes

    @property
    def is_small(self) -> bool:
        return max(self.rows_by_table.values(), default=0) < _MANY_ROWS


@dataclass(frozen=True)
class Refreshed:
    """The result of a refresh: how many rows it copied, and whether it copied the whole record."""

    rows_count: int
    is_rebuilt: bool


class Mirror:
    """Copies of the record's tables in DuckDB, as of the last refresh. Many threads may use it.

    `as_of` is when the last refresh read the record (1970 before the first). `version` grows with each refresh that
    changed rows, `version_of_all` with each that changed rows which may affect every course. Once `is_broken`, it no
    longer answers, and `with_mirror` uses its replacement.
    """

    def __init__(self, record: Record, path: Path | None) -> None:
        self.as_of = EPOCH
        self.version = 0
        self.version_of_all = 0
        self._versions_of_courses: dict[int, int] = {}
        self.is_broken = False
        self._record = record
        self._claim = claim_file(path)
        self._database = open_database(self._claim)
        self._writer = Writer(self._database.cursor())
        self._position = self._writer.position()
        self._is_proven = self._position is None  # an existing file is compared with the record once
        self._reader = ColumnarReader(record)
        self._refreshing = Lock()
        self._turn_to_connect = Lock()  # DuckDB refuses concurrent calls on one connection
        self._readers = Readers()

    def refresh(self) -> Refreshed:
        """Refresh the mirror. Afterwards it has everything that was committed before the call.

        Raises MirrorBroken if its database fails, and MirrorReplaced if it had already failed.
        """
        with self._refreshing:
            if self.is_broken:
                raise MirrorReplaced
            try:
                return self._at_second_try(self._refresh)
            except duckdb.Error as error:
                if not self.give_up(error):
                    raise MirrorReplaced from error
                remove_file(self._claim)
                raise MirrorBroken from error

    def is_past(self, position: Position) -> bool:
        """Whether the record went through this state, so that a holder of that state needs only the later changes."""
        with self._refreshing:
            return self._at_second_try(lambda: self._is_past(position))

    def check(self, *, repairs: bool) -> list[MirrorDifference]:
        """Compare every row with the record as of now; with `repairs`, rebuild everything if any row differs."""
        with self._refreshing, snapshot(self._record, whole=True) as state:
            self._write(state, self._change(state))
            found = self._writer.differences(state)
            if found and repairs:
                _log.warning("The mirror differs from the record in %s and is built anew.", _tables(found))
                self._write(state, Change(None, position_in(state), {}))
            return found

    def give_up(self, error: Exception) -> bool:
        """Stop answering because of this error; returns whether this error itself broke the database."""
        if not self.is_broken:
            said = str(error).partition("\n\nStack Trace")[0]  # which names nothing but addresses
            _log.error("The mirror's database failed; another one takes its place by itself. It said: %s", said)
        self.is_broken = True
        return not is_someone_elses(error)

    def version_of(self, course_id: int) -> int:
        """It grows with each refresh that changed rows of the course, or rows that may affect every course."""
        return max(self.version_of_all, self._versions_of_courses.get(course_id, 0))

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for the caller to read from. A refresh does not disturb a running query."""
        with self._readers.one_more():
            cursor = self.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Like `reading`, but the caller closes it; while it is open, the mirror's file cannot be reopened."""
        with self._turn_to_connect:
            if self.is_broken:
                raise MirrorReplaced
            return self._database.cursor()

    def close(self) -> None:
        """Close the mirror. Its file is released once running questions have been answered."""
        with self._refreshing:
            self.is_broken = True
            self._reader.close()
            self._writer.close()
        self._readers.when_gone(self._let_go, within=_SECONDS_FOR_READERS)

    def _let_go(self) -> None:
        with self._turn_to_connect:
            self._database.close()
        self._claim.release()

    def _at_second_try(self, look: Callable[[], _T]) -> _T:
        try:
            return look()
        except RecordNotReadable:
            return look()  # the connection may only have been cut while it idled

    def _is_past(self, position: Position) -> bool:
        with self._reader.snapshot() as state:
            return goes_on(state, position, position_in(state))

    def _refresh(self) -> Refreshed:
        looked_at = datetime.now(UTC)
        with self._reader.snapshot() as state:
            change = self._change(state)
            refreshed = self._write(state, change) if change.is_small else None
            if refreshed and not self._is_proven and not self._writer.is_complete(state):
                _log.warning("The mirror's file lacks rows of the record, or has others, and is built anew.")
                refreshed = self._position = None
        self._is_proven = True
        if refreshed is None:
            with snapshot(self._record, whole=True) as state:
                refreshed = self._write(state, self._change(state))
        self.as_of = looked_at
        return refreshed

    def _change(self, state: Snapshot) -> Change:
        """The changes that the mirror lacks of this state of the record."""
        reached = position_in(state)
        if reached == self._position:
            return Change(self._position, reached, {})
        earlier = self._position if self._position and goes_on(state, self._position, reached) else None
        return Change(earlier, reached, changed_rows(state, earlier, at_most=_MANY_ROWS))

    def _write(self, state: Snapshot, change: Change) -> Refreshed:
        written = Written(0, frozenset())
        if change.earlier is None:
            written = self._writer.rebuild(state, change.reached)
        elif change.rows_by_table:
            tables = [table for table in mirrored_tables() if table.name in change.rows_by_table]
            written = self._writer.apply(state, change.earlier, change.reached, tables)
        self._position = change.reached
        self._count_versions(written.courses)
        return Refreshed(written.rows_count, is_rebuilt=change.earlier is None)

    def _count_versions(self, courses: frozenset[int] | None) -> None:
        if courses is None:
            self.version = self.version_of_all = self.version + 1
        elif courses:
            self.version += 1
            self._versions_of_courses |= dict.fromkeys(courses, self.version)


def _tables(found: list[MirrorDifference]) -> str:
    return ", ".join(sorted({difference.table for difference in found}))
