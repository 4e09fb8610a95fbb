"""What can go wrong with the record: one error for each situation, in words that say what to do.

`trouble_of` recognises the situation in errors of drivers, the system and the mirror. Only it knows their codes, so
that the start, the command line and the server all say the same.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError


class RecordTrouble(Exception):
    """`where` is the record's URL without its password.

    `plain` is for people who use Waymark, `words` for whoever runs it.
    """

    plain = "The record cannot be reached."
    words = "The record at {where} cannot be used."

    def __init__(self, where: str) -> None:
        super().__init__(self.words.format(where=where))
        self.where = where


class RecordUnreachable(RecordTrouble):
    words = "The record at {where} cannot be opened. Is DATABASE_URL right, and does its server run?"


class RecordRefusesUser(RecordTrouble):
    words = "The record at {where} refuses the user or the password. Put the right ones into DATABASE_URL."


class RecordNotThere(RecordTrouble):
    words = "The server has no database for the record at {where}. Create it, or put the right name into DATABASE_URL."


class RecordLocked(RecordTrouble):
    plain = "Something else keeps the record busy."
    words = (
        "Another program keeps the record at {where} locked. Nothing was changed. "
        "Try again when it is done, or end that program."
    )


class RecordFull(RecordTrouble):
    plain = "The disk of the server is full."
    words = "The disk is full, so nothing can be written to the record at {where}. Make room on it and try again."


class RecordReadOnly(RecordTrouble):
    plain = "The record may not be written at the moment."
    words = (
        "The record at {where} is read-only: its file, its folder or its server may not be written. "
        "Nothing was changed. Let the account that runs Waymark write there."
    )


class RecordDamaged(RecordTrouble):
    plain = "Part of the record cannot be read."
    words = (
        "The record at {where} is damaged: part of it cannot be read. Stop Waymark, check the disk, and restore "
        "the last backup: python -m progress restore FILE --replace"
    )


class NoRecord(RecordTrouble):
    words = "{where} is no SQLite database. Put the record's file into DATABASE_URL, or restore a backup."


class RecordNotNamed(RecordTrouble):
    words = "DATABASE_URL does not name a record. Example: postgresql://user@host/waymark"

    def __init__(self) -> None:
        super().__init__("")


_SQLITE: dict[int, type[RecordTrouble]] = {
    sqlite3.SQLITE_BUSY: RecordLocked,
    sqlite3.SQLITE_CANTOPEN: RecordUnreachable,
    sqlite3.SQLITE_CORRUPT: RecordDamaged,
    sqlite3.SQLITE_FULL: RecordFull,
    sqlite3.SQLITE_IOERR: RecordDamaged,
    sqlite3.SQLITE_LOCKED: RecordLocked,
    sqlite3.SQLITE_NOTADB: NoRecord,
    sqlite3.SQLITE_PERM: RecordReadOnly,
    sqlite3.SQLITE_READONLY: RecordReadOnly,
}

# By prefix of PostgreSQL's error code; the longest match counts.
_POSTGRESQL: dict[str, type[RecordTrouble]] = {
    "08": RecordUnreachable,
    "25006": RecordReadOnly,
    "28": RecordRefusesUser,
    "3D000": RecordNotThere,
    "42501": RecordReadOnly,
    "53100": RecordFull,
    "53300": RecordUnreachable,
    "55P03": RecordLocked,
    "57P": RecordUnreachable,
    "58": RecordDamaged,
    "XX001": RecordDamaged,
    "XX002": RecordDamaged,
}

# Errors without a code: refused connections to PostgreSQL, and errors of the columnar readers and of DuckDB.
_SAID: dict[str, type[RecordTrouble]] = {
    "password authentication failed": RecordRefusesUser,
    "no password supplied": RecordRefusesUser,
    "no pg_hba.conf entry": RecordRefusesUser,
    'role "': RecordRefusesUser,
    'database "': RecordNotThere,
    "No space left on device": RecordFull,
    "database or disk is full": RecordFull,
    "database disk image is malformed": RecordDamaged,
    "disk I/O error": RecordDamaged,
    "file is not a database": NoRecord,
    "attempt to write a readonly database": RecordReadOnly,
    "unable to open database file": RecordUnreachable,
    "database is locked": RecordLocked,
}

_SPEAKERS = {"adbc_driver_manager", "_duckdb", "data", "duckdb", "psycopg"}

_FILES: dict[int | None, type[RecordTrouble]] = {
    errno.ENOSPC: RecordFull,
    errno.EDQUOT: RecordFull,
    errno.EROFS: RecordReadOnly,
}

# With less free space than this, a disk cannot take one more page and its copy in the log.
_NO_ROOM = 100_000


def trouble_of(error: BaseException, url: str) -> RecordTrouble | None:
    """The situation behind an error; None if it is not a trouble of the record at this URL."""
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, RecordTrouble):
            return cause
    kinds = (_by_code(cause) or _by_words(cause) for cause in reversed(chain))
    kind = next((kind for kind in kinds if kind), None)
    return _looked_at(kind, url)(shown(url)) if kind else None


@contextmanager
def troubles_named(url: str) -> Iterator[None]:
    """Raise errors in the block that are troubles of the record at this URL as a RecordTrouble."""
    try:
        yield
    except RecordTrouble:
        raise
    except (ArgumentError, NoSuchModuleError) as error:
        raise RecordNotNamed from error
    except Exception as error:
        if trouble := trouble_of(error, url):
            raise trouble from error
        raise


def shown(url: str) -> str:
    """The URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, the errors that it was raised from, and the driver's error behind each."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        if isinstance(cause, DBAPIError) and cause.orig is not None and cause.orig is not cause.__cause__:
            yield cause.orig
        cause = cause.__cause__


def _by_code(error: BaseException) -> type[RecordTrouble] | None:
    if isinstance(error, OSError):
        return _FILES.get(error.errno)
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)  # the rest of it says where in SQLite
    code: str | None = getattr(error, "sqlstate", None)
    fitting = [start for start in _POSTGRESQL if code and code.startswith(start)]
    return _POSTGRESQL[max(fitting, key=len)] if fitting else None


def _by_words(error: BaseException) -> type[RecordTrouble] | None:
    module = type(error).__module__.partition(".")[0]
    if module not in _SPEAKERS or getattr(error, "sqlstate", None):
        return None  # of others the words may be a person's
    said = str(error)
    known = next((kind for words, kind in _SAID.items() if words in said), None)
    name = type(error).__name__
    lost_its_server = name == "RecordNotReadable" or (
        module == "psycopg" and name in ("OperationalError", "InterfaceError")
    )
    return known or (RecordUnreachable if lost_its_server else None)


def _looked_at(kind: type[RecordTrouble], url: str) -> type[RecordTrouble]:
    """On a full disk SQLite reports any of these three, and on a read-only file that it cannot be opened."""
    address = make_url(url)
    if (
        kind not in (RecordUnreachable, RecordDamaged, RecordReadOnly)
        or address.drivername != "sqlite"
        or not address.database
    ):
        return kind
    folder = Path(address.database).parent
    if folder.is_dir() and shutil.disk_usage(folder).free < _NO_ROOM:
        return RecordFull
    return RecordReadOnly if kind is RecordUnreachable and _is_read_only(Path(address.database)) else kind


def _is_read_only(file: Path) -> bool:
    return file.parent.is_dir() and not (_may_write(file.parent) and (not file.exists() or _may_write(file)))


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK)
