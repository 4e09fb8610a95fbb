"""Bringing a record up to the models' newest shape, from nothing or from any earlier one."""

from alembic import command
from alembic.config import Config

from data.record import Record
from data.settings import PROJECT


def migrate(record: Record) -> None:
    """Apply every migration that the record lacks. Safe to repeat."""
    config = Config(toml_file=PROJECT / "pyproject.toml")
    with record.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
