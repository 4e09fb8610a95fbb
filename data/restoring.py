"""Replacing a record by a prepared copy, completely or not at all, even while a server uses the record.

SQLite's backup API writes into the open file in one transaction, so readers see the old state until it ends;
PostgreSQL's pg_restore does the same. Only a file that SQLite can no longer use is moved aside, and only if nobody has
it open, since they would continue with the old one.
"""

import fcntl
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import inspect, text

from data.backup import copy_sqlite, sqlite_file
from data.postgresql_programs import dump, load
from data.readiness import require_ready, require_whole
from data.record import Record
from data.troubles import NoRecord, RecordDamaged, RecordTrouble, shown, trouble_of, troubles_named

_TELLING = ("users", "schools", "courses", "progress_events")

# The range of bytes that SQLite keeps locked while it has the file open.
_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510


class DamagedRecordHeld(Exception):
    def __init__(self, where: str) -> None:
        super().__init__(
            f"The record at {where} is damaged, and a program has it open. Stop Waymark, then restore again."
        )


def holds_something(record: Record) -> bool:
    """Whether a restore would replace anything. An unreadable record counts as something."""
    if record.is_sqlite and not sqlite_file(record).is_file():
        return False
    try:
        with record.engine.connect() as connection:
            present = set(inspect(connection).get_table_names())
            tables = [table for table in _TELLING if table in present]
            return any(connection.execute(text(f"select 1 from {table} limit 1")).first() for table in tables)
    except Exception as error:
        if isinstance(trouble_of(error, record.url), NoRecord | RecordDamaged):
            return True
        raise


def put_in_place(record: Record, copy: Record) -> None:
    """Replace the record by the copy. Raises DamagedRecordHeld, ProgramMissing, ProgramFailed, RecordLocked."""
    if record.is_sqlite:
        _put_sqlite_in_place(record, copy)
    else:
        with NamedTemporaryFile(prefix="waymark-") as dumped:
            dump(copy.url, Path(dumped.name))
            load(record.url, Path(dumped.name))
    require_ready(record)


def _put_sqlite_in_place(record: Record, copy: Record) -> None:
    record.close()
    kept = sqlite_file(record).with_name(f"{sqlite_file(record).name}.before-restore")
    try:
        with troubles_named(record.url):
            _keep_old(sqlite_file(record), kept)
            _write_into(sqlite_file(record), copy)
            _require_success(record, kept)
    except (NoRecord, RecordDamaged):
        _replace_unusable(record, copy)
    finally:
        record.close()
        kept.unlink(missing_ok=True)


def _keep_old(file: Path, kept: Path) -> None:
    if file.is_file() and file.stat().st_size:
        kept.unlink(missing_ok=True)
        kept.touch(mode=0o600)
        copy_sqlite(file, kept)


def _require_success(record: Record, kept: Path) -> None:
    """Check the new record; if it is damaged, put the old one back before raising."""
    try:
        require_whole(record, thoroughly=True)
    except RecordTrouble:
        record.close()
        with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(sqlite_file(record), timeout=30)) as old:
            source.backup(old)
        raise


def _write_into(file: Path, copy: Record) -> None:
    """Copy into the file in one transaction. The page size stays, and change numbers keep increasing."""
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as target:
        (page_size,) = target.execute("pragma page_size").fetchone()
        _go_on_counting(copy, target)
        copy.close()
        with closing(sqlite3.connect(sqlite_file(copy), isolation_level=None)) as source:
            source.execute("pragma journal_mode = delete")
            source.execute(f"pragma page_size = {page_size}")
            source.execute("vacuum")
            source.backup(target)


def _go_on_counting(copy: Record, target: sqlite3.Connection) -> None:
    """Continue the file's change numbers, by which `write_ahead_log` tells whether a log belongs to the file."""
    try:
        (last,) = target.execute("select change_number from record_info").fetchone()
    except (sqlite3.OperationalError, TypeError):
        return  # no tables yet
    with copy.engine.begin() as connection:
        higher = text("update record_info set change_number = :last + 1 where change_number <= :last")
        connection.execute(higher, {"last": last})


def _replace_unusable(record: Record, copy: Record) -> None:
    """Move the damaged file and its log aside, under a name with the time, and put the copy in its place."""
    record.close()
    copy.close()
    file = sqlite_file(record)
    if _is_held_open(file):
        raise DamagedRecordHeld(shown(record.url))
    aside = f".damaged-{datetime.now(UTC):%Y-%m-%dT%H%M%S}"
    for ending in ("-shm", "-wal", ""):
        path = file.with_name(file.name + ending)
        if path.exists():
            path.rename(path.with_name(path.name + aside))
    os.link(sqlite_file(copy), file)


def _is_held_open(file: Path) -> bool:
    with file.open("rb+") as stream:
        try:
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError:
            return True
    return False
