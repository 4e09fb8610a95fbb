"""Whether a record is ready: it can be reached and read, and has the schema that this version expects."""

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect

from data.models import Base
from data.record import Record
from data.settings import PROJECT
from data.troubles import RecordDamaged, RecordTrouble, shown, troubles_named
from data.write_ahead_log import require_own_log

# SQLite checks about a gigabyte a second, and that should not delay a start by more than half a second.
_BYTES_CHECKED_AT_START = 500_000_000


class RecordNotMigrated(RecordTrouble):
    words = "The record at {where} is not set up for this version. Run: python -m progress migrate"


class RecordNewer(RecordTrouble):
    words = "The record at {where} was made by a newer version of Waymark. Use that version."


class RecordDiffers(RecordTrouble):
    """`faults` are sentences."""

    words = (
        "The record at {where} calls itself up to date, but it is not what this version works with. {faults} "
        "Something other than Waymark changed it: undo that, or restore a backup (python -m progress restore FILE)."
    )

    def __init__(self, where: str, faults: list[str]) -> None:
        self.words = self.words.replace("{faults}", " ".join(faults))
        super().__init__(where)
        self.faults = faults


def require_ready(record: Record) -> None:
    """Raises the RecordTrouble that prevents this version from working with the record."""
    where = shown(record.url)
    with troubles_named(record.url):
        if record.is_sqlite:
            require_own_log(record.url)
        with record.engine.connect() as connection:
            _require_revision(connection, where)
            if faults := _faults(connection):
                raise RecordDiffers(where, faults)


def require_whole(record: Record, *, thoroughly: bool = False) -> None:
    """Raises RecordDamaged if SQLite finds damage. PostgreSQL checks its own files.

    A large file is checked only `thoroughly`, because that takes time; then indexes are compared with tables too.
    """
    if not record.is_sqlite or not (thoroughly or _bytes(record) <= _BYTES_CHECKED_AT_START):
        return
    with troubles_named(record.url), record.engine.connect() as connection:
        look = "integrity_check" if thoroughly else "quick_check"
        if connection.exec_driver_sql(f"pragma {look}(1)").scalar() != "ok":
            raise RecordDamaged(shown(record.url))


def _require_revision(connection: Connection, where: str) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    known = ScriptDirectory.from_config(Config(toml_file=PROJECT / "pyproject.toml"))
    if revision == known.get_current_head():
        return
    try:
        known.get_revision(revision or "base")
    except CommandError:
        raise RecordNewer(where) from None
    raise RecordNotMigrated(where)


def _faults(connection: Connection) -> list[str]:
    """Tables and columns that the models have and the record lacks, and required columns that the models lack."""
    found = inspect(connection)
    stored = {table: found.get_columns(table) for table in found.get_table_names() if table in Base.metadata.tables}
    faults = []
    for table in Base.metadata.sorted_tables:
        if table.name not in stored:
            faults.append(f"It has no table {table.name}.")
            continue
        names = {column["name"] for column in stored[table.name]}
        faults += [
            f"The table {table.name} has no column {column.name}." for column in table.c if column.name not in names
        ]
        faults += [
            f"The table {table.name} wants a value for {column['name']}, which is unknown here."
            for column in stored[table.name]
            if column["name"] not in table.c and not column["nullable"] and column["default"] is None
        ]
    return faults


def _bytes(record: Record) -> int:
    file = Path(record.engine.url.database or "")
    return file.stat().st_size if file.is_file() else 0
