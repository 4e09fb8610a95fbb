"""Whether a record can be worked with: it can be reached, and has the shape that this version's models expect."""

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from data.record import Record
from data.settings import PROJECT


class RecordUnreachable(Exception):
    def __init__(self, url: str) -> None:
        super().__init__(f"The record at {url} cannot be opened. Is DATABASE_URL right, and does its server run?")
        self.url = url


class RecordNotMigrated(Exception):
    def __init__(self, url: str) -> None:
        super().__init__(f"The record at {url} is not set up for this version. Run: python -m progress migrate")
        self.url = url


def require_ready(record: Record) -> None:
    """Raises RecordUnreachable or RecordNotMigrated; both name the record without its password."""
    shown = record.engine.url.render_as_string(hide_password=True)
    try:
        with record.engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError:
        raise RecordUnreachable(shown) from None
    if revision != ScriptDirectory.from_config(Config(toml_file=PROJECT / "pyproject.toml")).get_current_head():
        raise RecordNotMigrated(shown)
