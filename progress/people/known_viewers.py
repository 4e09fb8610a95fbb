"""Resolved viewers, cached for as long as nothing that their rights depend on has changed.

The cache is exact across processes: every row that decides rights carries the number of the transaction that wrote it,
and each lookup reads the highest of these numbers together with the session. It also reads a transaction mark, because
a restored record reaches the same numbers again, but never the same mark. Resolving a teacher anew would take four
times as long, at every request.

Memberships of classes begin and end by date, without any change. So a viewer is cached until the next quarter hour at
most: in every time zone in use, days begin on one.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Select, Text, cast, func, literal, literal_column, select

from data.models import ClassLearner, ClassTeacher, Course, Guardian, RecordInfo, School, SchoolClass, User, UserRole
from data.record import Record
from data.viewer import Viewer

# The tables that `access.viewer_of` reads. If a rule of access depends on another table, add it here.
_TABLES = (User, UserRole, School, Guardian, Course, SchoolClass, ClassLearner, ClassTeacher)
_MARKS_COUNT = 4
_MOST_VIEWERS = 10_000
_QUARTER_HOUR = 900  # seconds

# The mark of the newest change, or else of the first later transaction whose mark is still kept. On PostgreSQL a
# restore writes the row in another transaction (`xmin`), or stops the server while files are exchanged.
_MARK = {
    True: "number || ':' || mark",
    False: "number || ':' || mark || ':' || xmin || ':' || pg_postmaster_start_time()",
}
_NEWEST = ", ".join(
    f"(select coalesce(max(changed_in), 0) from {model.__tablename__}) as {model.__tablename__}" for model in _TABLES
)
_NAMES = [f"newest.{model.__tablename__}" for model in _TABLES]

Marks: TypeAlias = tuple[Any, ...]

_known: dict[str, tuple[Marks, dict[int, Viewer]]] = {}


@lru_cache(maxsize=8)
def with_marks(query: Select[*tuple[Any, ...]], is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    """The query with the columns from which `marks_of` reads the state of everyone's rights."""
    identity = [select(column).scalar_subquery() for column in (RecordInfo.record_uuid, RecordInfo.mirror_epoch)]
    return query.add_columns(*identity, _oldest_running(is_sqlite), _newest_changes(is_sqlite))


def marks_of(row: Sequence[Any], now: datetime) -> Marks | None:
    """The state of everyone's rights now; None while a running transaction could still change someone's rights unseen.

    On PostgreSQL a transaction that began earlier can commit later. While one is running that began before the newest
    change, its own changes would not raise the highest number. (SQLite numbers transactions in order of commit.)
    """
    uuid, epoch, oldest_running, changes = row[-_MARKS_COUNT:]
    newest, _, _ = changes.partition(",")
    is_settled = oldest_running is None or int(newest) < oldest_running
    return (uuid, epoch, int(now.timestamp()) // _QUARTER_HOUR, changes) if is_settled else None


def known_viewer(record: Record, marks: Marks | None, user_id: int) -> Viewer | None:
    """The cached viewer, if it was resolved in this state."""
    known_marks, viewers = _known.get(record.url, (None, {}))
    return viewers.get(user_id) if marks is not None and marks == known_marks else None


def remember(record: Record, marks: Marks | None, viewer: Viewer) -> None:
    if marks is None:
        return
    known_marks, viewers = _known.get(record.url, (None, {}))
    if marks != known_marks or len(viewers) >= _MOST_VIEWERS:
        viewers = {}
        _known[record.url] = (marks, viewers)
    viewers[viewer.user_id] = viewer


def _oldest_running(is_sqlite: bool) -> ColumnElement[Any]:
    if is_sqlite:
        return literal(None).label("oldest_running")
    return cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger).label("oldest_running")


def _newest_changes(is_sqlite: bool) -> ColumnElement[Any]:
    """The number of the newest change, the newest of each table, and a mark, in one text."""
    newest = f"{'max' if is_sqlite else 'greatest'}({', '.join(_NAMES)})"
    mark = f"select {_MARK[is_sqlite]} from transaction_marks where number >= {newest} order by number limit 1"
    parts = " || ',' || ".join([newest, *_NAMES, f"coalesce(({mark}), '')"])
    return literal_column(f"(select {parts} from (select {_NEWEST}) as newest)", Text).label("newest_changes")
