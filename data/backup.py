"""Backups of the record as one file, made while recording goes on: an SQLite database or a PostgreSQL dump."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from data.postgresql_programs import ProgramFailed, contents_of, dump, load
from data.record import Record
from data.troubles import NoRecord, RecordDamaged, RecordFull, RecordReadOnly, trouble_of

_BEGINNINGS = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}


class BackupNotWritten(Exception):
    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"No backup was written to {file}: {reason}")
        self.file = file


class NotABackup(Exception):
    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file} cannot be restored: {reason}")
        self.file = file
        self.reason = reason


class NoRoomToTry(Exception):
    """The database user may not create another database."""

    def __init__(self, user: str | None) -> None:
        super().__init__(
            f"The database user {user} may not create a database to try the backup in. "
            f'Let it, as an administrator of the server: alter role "{user}" createdb'
        )


def write_backup(record: Record, file: Path) -> None:
    """The record as committed now. The file appears once it is complete. Raises BackupNotWritten, ProgramMissing."""
    if file.exists():
        raise BackupNotWritten(file, "there is such a file already. Give another name.")
    partial = file.with_name(f"{file.name}.partial-{uuid4().hex[:8]}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if record.is_sqlite:
            copy_sqlite(sqlite_file(record), partial)
        else:
            dump(record.url, partial)
        _keep(partial, file)
    except ProgramFailed as error:
        raise BackupNotWritten(file, error.said) from None
    except (OSError, sqlite3.Error) as error:
        raise BackupNotWritten(file, _reason(error, record)) from None
    finally:
        partial.unlink(missing_ok=True)


def kind_of(file: Path) -> str:
    """Which database wrote the file. Raises NotABackup."""
    try:
        with file.open("rb") as stream:
            beginning = stream.read(16)
    except OSError as error:
        raise NotABackup(file, f"{error.strerror}.") from None
    kind = next((kind for start, kind in _BEGINNINGS.items() if beginning.startswith(start)), None)
    if kind is None:
        raise NotABackup(file, "it is no backup of Waymark.")
    return kind


@contextmanager
def tried_out(record: Record, file: Path) -> Iterator[Record]:
    """A temporary record with the backup's contents, on the same kind of database; removed after the block.

    Raises NotABackup for files that Waymark did not write, and NoRoomToTry if PostgreSQL's user may not create a
    database.
    """
    kind = kind_of(file)
    if (kind == "sqlite") != record.is_sqlite:
        raise NotABackup(file, f"it is a backup of {_NAMES[kind]}, and the record is in {_NAMES[_other(kind)]}.")
    with _sqlite_copy(record, file) if record.is_sqlite else _scratch_database(record, file) as copy:
        with copy.engine.connect() as connection:
            names = connection.dialect.get_table_names(connection)
        if not {"record_info", "alembic_version"} <= set(names):
            raise NotABackup(file, "it is a database, but not one of Waymark.")
        yield copy


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy one consistent state of the source, even while others write to it, into a single file without a log."""
    with closing(sqlite3.connect(source, timeout=30)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
        written.execute("pragma journal_mode = delete")


def sqlite_file(record: Record) -> Path:
    return Path(record.engine.url.database or "").absolute()


_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _other(kind: str) -> str:
    return "postgresql" if kind == "sqlite" else "sqlite"


@contextmanager
def _sqlite_copy(record: Record, file: Path) -> Iterator[Record]:
    """A copy on the record's own disk, so that it can replace the record."""
    home = sqlite_file(record).parent
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="waymark-trying-", dir=home) as folder:
        copied = Path(folder) / "record.db"
        copied.touch(mode=0o600)
        try:
            copy_sqlite(file, copied)
        except sqlite3.DatabaseError as error:
            if isinstance(trouble_of(error, record.url), RecordDamaged | NoRecord):
                raise NotABackup(file, "it is damaged: part of it cannot be read.") from None
            raise
        copy = Record(f"sqlite:///{copied}")
        try:
            yield copy
        finally:
            copy.close()


@contextmanager
def _scratch_database(record: Record, file: Path) -> Iterator[Record]:
    if "record_info" not in contents_of(file):
        raise NotABackup(file, "it is a database, but not one of Waymark.")
    name = f"waymark_trying_{uuid4().hex[:12]}"
    try:
        _outside_transaction(record, f"create database {name} template template0")
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":
            raise
        raise NoRoomToTry(record.engine.url.username) from None
    copy = Record(make_url(record.url).set(database=name).render_as_string(hide_password=False))
    try:
        load(copy.url, file)
        yield copy
    finally:
        copy.close()
        _outside_transaction(record, f"drop database {name} with (force)")


def _outside_transaction(record: Record, statement: str) -> None:
    engine = create_engine(record.url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _keep(partial: Path, file: Path) -> None:
    """Give the file its final name once all of it is on disk."""
    for path in (partial, partial.parent):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    partial.rename(file)


def _reason(error: OSError | sqlite3.Error, record: Record) -> str:
    trouble = trouble_of(error, record.url)
    if isinstance(trouble, RecordFull):
        return "the disk is full. Make room, or name a file on another disk."
    if isinstance(trouble, RecordReadOnly):
        return "its folder is read-only."
    return str(trouble or f"{getattr(error, 'strerror', None) or error}.")
