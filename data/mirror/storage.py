"""The DuckDB database behind a mirror: a file that belongs to this process, or memory if no file can be used.

A DuckDB file can be open in one process only. Each process claims the first free one of several files by locking a file
next to it, which the system unlocks however the process ends. So each process finds a warm mirror next time.
"""

import fcntl
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data.mirror.layout import has_layout, lay_out

_FILES = 8
_SETTINGS: dict[str, Any] = {
    "memory_limit": "2GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "temp_directory": str(Path(tempfile.gettempdir()) / f"waymark-mirror-{os.getpid()}"),
}
_log = logging.getLogger(__name__)


@dataclass
class Claim:
    """A file that no other mirror uses while the claim is held; without a file, memory."""

    path: Path | None
    lock: int | None = None

    def release(self) -> None:
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None


def claim_file(path: Path | None) -> Claim:
    """Claim the file or, if it is taken, one of its numbered neighbours; else memory."""
    neighbours = [path.with_stem(f"{path.stem}-{number}") for number in range(2, _FILES + 1)] if path else []
    for candidate in [path, *neighbours] if path else []:
        try:
            return Claim(candidate, _locked(candidate.with_suffix(".lock")))
        except OSError as error:
            _log.info("The mirror's file %s is not to be had: %s", candidate, error)
    return Claim(None)


def open_database(claim: Claim) -> duckdb.DuckDBPyConnection:
    """The database with this version's tables. A file that cannot be read completely is replaced."""
    try:
        return _laid_out(_connection(claim.path))
    except duckdb.Error as error:
        _log.warning("The mirror's file %s cannot be used and is built anew: %s", claim.path, error)
    # Not inside the except block: the error keeps the failed connection, and while that exists, the path still opens
    # the damaged database.
    remove_file(claim)
    try:
        return _laid_out(_connection(claim.path))
    except duckdb.Error as error:
        _log.warning("The mirror's file %s cannot be written, so the mirror lives in memory: %s", claim.path, error)
    return _laid_out(_connection(None))


def remove_file(claim: Claim) -> None:
    if claim.path is not None:
        claim.path.unlink(missing_ok=True)
        claim.path.with_name(claim.path.name + ".wal").unlink(missing_ok=True)


def _connection(path: Path | None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path) if path else ":memory:", config=_SETTINGS)
    connection.execute("set global TimeZone = 'UTC'")
    return connection


def _laid_out(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    if has_layout(connection):
        _read_everything(connection)
    else:
        lay_out(connection)
    return connection


def _read_everything(connection: duckdb.DuckDBPyConnection) -> None:
    """DuckDB checks a block when it first reads it, so this finds damage while the file can still be replaced."""
    tables = "select table_name from duckdb_tables() where schema_name = 'record'"
    for (name,) in connection.execute(tables).fetchall():
        connection.execute(f"select bit_xor(hash({name})) from record.{name}").fetchall()


def _locked(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
