"""Whether the record can be read and written now, checked without changing it."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from data.readiness import require_whole
from data.record import Record
from data.troubles import RecordDamaged, RecordLocked, RecordReadOnly, RecordTrouble, shown, troubles_named

_BYTES_TO_TRY = 131_072  # some pages and their copies in the log


_damaged: set[str] = set()  # the URLs of records in which somebody came upon damage


def met_trouble(trouble: RecordTrouble, url: str) -> None:
    """Remember damage: only those who read the damaged part meet it, and searching for it takes long."""
    if isinstance(trouble, RecordDamaged):
        _damaged.add(url)


def require_usable(record: Record) -> None:
    """Raises the RecordTrouble that prevents reading or writing the record."""
    if record.url in _damaged:
        require_whole(record)
        _damaged.discard(record.url)
    with troubles_named(record.url):
        with record.reading() as connection:
            connection.execute(text("select record_uuid from record_info")).one()
            is_read_only = not record.is_sqlite and connection.execute(_IS_READ_ONLY).scalar_one()
        if is_read_only:
            raise RecordReadOnly(shown(record.url))
        if record.is_sqlite:
            _try_to_write(Path(record.engine.url.database or ""))


_IS_READ_ONLY = text("select pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean")


def _try_to_write(file: Path) -> None:
    """Take SQLite's write lock, and write a temporary file of a transaction's size to the record's disk."""
    try:
        with troubles_named(f"sqlite:///{file}"), closing(sqlite3.connect(file, timeout=0)) as connection:
            connection.isolation_level = None
            connection.execute("begin immediate")
            connection.execute("rollback")
    except RecordLocked:
        pass  # somebody is writing, so it can be written
    with tempfile.TemporaryFile(dir=file.parent) as tried:
        tried.write(bytes(_BYTES_TO_TRY))
        tried.flush()
        os.fsync(tried.fileno())
