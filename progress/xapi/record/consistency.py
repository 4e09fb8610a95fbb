"""Until when every statement is in the record and can be found: the header Consistent-Through."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from data.models import XapiStatement
from data.moments import EARLIEST
from data.record import Record, current_record
from data.viewer import Viewer
from progress.xapi.record.storing import LOCK_OF_STATEMENTS

# By the record's address: the latest moment at which nothing was being stored. What was true of it stays true.
_proven: dict[str, datetime] = {}


def stored_through(viewer: Viewer | None) -> datetime:
    """Every statement that the viewer may see and that was stored until then can be found by now.

    Now, unless something is being stored: then the last moment at which that was not so. Who may see no statement is
    told the time, which says nothing about those of others.
    """
    if viewer is None or not (viewer.sees_everyone or viewer.learner_ids):
        return datetime.now(UTC)
    record = current_record()
    moment = record.moment_without_writer() if record.is_sqlite else _moment_without_lock(record)
    if moment is not None:
        _proven[record.url] = max(moment, _proven.get(record.url, moment))
    return _proven.get(record.url) or _newest(record)


def _moment_without_lock(record: Record) -> datetime | None:
    """PostgreSQL: the writer of statements holds the lock until they are committed."""
    free = select(func.pg_try_advisory_xact_lock_shared(LOCK_OF_STATEMENTS))
    with record.engine.begin() as connection:
        return datetime.now(UTC) if connection.execute(free).scalar_one() else None


def _newest(record: Record) -> datetime:
    """Statements are stored one transaction after the other, so nothing can come in before the newest."""
    with record.reading() as connection:
        return connection.execute(select(func.max(XapiStatement.stored_at))).scalar_one() or EARLIEST
