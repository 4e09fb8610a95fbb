"""Writers in several processes: each gets SQLite's own lock soon, and what keeps it from that is named."""

import sqlite3
import time
from contextlib import closing
from threading import Timer

import pytest

from data import write_lock
from data.record import Record
from data.troubles import RecordLocked, troubles_named


def file_of(record: Record) -> str:
    return str(record.engine.url.database)


def test_a_writer_goes_on_as_soon_as_another_process_has_written(sqlite_record: Record) -> None:
    with closing(sqlite3.connect(file_of(sqlite_record), isolation_level=None, check_same_thread=False)) as other:
        other.execute("begin immediate")
        ended: list[float] = []
        Timer(0.4, lambda: (other.execute("rollback"), ended.append(time.monotonic()))).start()
        with sqlite_record.writing():
            assert time.monotonic() - ended[0] < 0.1


def test_a_record_that_stays_locked_is_named_as_locked(sqlite_record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_lock, "_SECONDS_TO_WAIT", 0.2)
    with closing(sqlite3.connect(file_of(sqlite_record), isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(RecordLocked), troubles_named(sqlite_record.url), sqlite_record.writing():
            pass
        other.execute("rollback")
    with sqlite_record.writing() as tx:
        assert tx.connection.exec_driver_sql("pragma busy_timeout").scalar() == 30_000
