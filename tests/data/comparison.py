"""What a mirror must hold, worked out without it: the record's rows, and activity counted in plain Python."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import Table, select

from data.mirror import Mirror
from data.mirror.layout import mirrored_tables
from data.models import Module, ProgressEvent, School, User
from data.record import Record

Rows = list[tuple[Any, ...]]
ZONES = available_timezones()


def assert_equal(mirror: Mirror, record: Record) -> None:
    """Every mirrored table row by row, and both tables of activity."""
    for table in mirrored_tables():
        assert copied_rows(mirror, table) == recorded_rows(record, table), table.name
    days, weeks = activity(record)
    assert asked(mirror, "select * from record.activity_days") == sorted(days)
    assert asked(mirror, "select * from record.activity_weeks") == sorted(weeks)


def asked(mirror: Mirror, question: str) -> Rows:
    """The rows of the answer in the order of their values; nulls first."""
    return sorted(mirror.cursor().execute(question).fetchall(), key=_order)


def recorded_rows(record: Record, table: Table) -> Rows:
    columns = [column for column in table.c if column.name != "password_hash"]
    with record.reading() as connection:
        rows = [tuple(_plain(value) for value in row) for row in connection.execute(select(*columns))]
    return sorted(rows, key=_order)


def copied_rows(mirror: Mirror, table: Table) -> Rows:
    columns = ", ".join(column.name for column in table.c if column.name != "password_hash")
    return asked(mirror, f"select {columns} from record.{table.name}")


def activity(record: Record) -> tuple[Rows, Rows]:
    """The rows of activity by day and by week: what learners did, on any word but that of staff."""
    days, weeks = Activity(), Activity()
    with record.reading() as connection:
        zones = dict(connection.execute(select(User.id, School.time_zone).join(School)).all())
        events = select(ProgressEvent.user_id, Module.course_id, ProgressEvent.occurred_at)
        events = events.add_columns(ProgressEvent.interactions_count, ProgressEvent.kind, ProgressEvent.authority)
        rows = connection.execute(events.join(Module)).all()
    for user_id, course_id, occurred_at, count, kind, authority in rows:
        if kind != "reset" and authority in ("learner", "system"):
            day = _local_day(occurred_at, zones.get(user_id, "UTC"))
            days.add((user_id, course_id, day), count, occurred_at)
            weeks.add((user_id, course_id, day - timedelta(days=day.isoweekday() - 1)), count, occurred_at)
    return (
        [(*key, events, interactions, last) for key, (events, interactions, last) in days.rows.items()],
        [(*key, events, last) for key, (events, _, last) in weeks.rows.items()],
    )


class Activity:
    """By learner, course and date: events, interactions, and when the latest event occurred."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, int, date], tuple[int, int, datetime]] = {}

    def add(self, key: tuple[int, int, date], interactions: int, occurred_at: datetime) -> None:
        events, before, last = self.rows.get(key, (0, 0, _plain(occurred_at)))
        self.rows[key] = (events + 1, before + interactions, max(last, _plain(occurred_at)))


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone if zone in ZONES else "UTC")).date()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _order(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(value is not None, value) for value in row]
