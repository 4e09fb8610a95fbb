"""Migrating a record to the newest schema, from nothing or from any earlier one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from data.record import Record
from data.settings import PROJECT

# An advisory lock that nothing else uses: courses are locked by their ids, which are positive.
_LOCK_OF_MIGRATIONS = -2


class ReferencesBroken(Exception):
    def __init__(self, table: str, refers_to: str) -> None:
        super().__init__(
            f"Rows of {table} refer to rows of {refers_to} that are not there. Nothing was changed. "
            "Restore the record from a backup: python -m progress restore FILE"
        )
        self.table = table
        self.refers_to = refers_to


def migrate(record: Record) -> None:
    """Apply all missing migrations, or none. Safe to repeat. Raises ReferencesBroken."""
    config = Config(toml_file=PROJECT / "pyproject.toml")
    with migrating(record) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def migrating(record: Record) -> Iterator[Connection]:
    """A transaction in which tables can be altered; a second process that wants to migrate waits.

    SQLite alters a table by recreating it, which foreign keys to it would forbid. So they are checked only at the end.
    """
    with (
        record.engine.connect().execution_options(waymark_writes=True) as connection,
        _references_unchecked(connection) if record.is_sqlite else connection.begin(),
    ):
        if not record.is_sqlite:
            connection.execute(text(f"select pg_advisory_xact_lock({_LOCK_OF_MIGRATIONS})"))
        yield connection


@contextmanager
def _references_unchecked(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    driver.execute("pragma foreign_keys = off")  # has no effect inside a transaction
    try:
        with connection.begin():
            before = connection.exec_driver_sql("pragma schema_version").scalar()
            yield
            if before != connection.exec_driver_sql("pragma schema_version").scalar():
                _require_references(connection)
    finally:
        driver.execute("pragma foreign_keys = on")


def _require_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("pragma foreign_key_check").first()
    if broken:
        raise ReferencesBroken(broken.table, broken.parent)
