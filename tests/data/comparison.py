"""What a mirror must hold, worked out without it: the record's rows, and activity counted in plain Python."""

from collections import Counter
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
    """The rows of activity by day and by week."""
    days: Counter[tuple[int, int, date]] = Counter()
    interactions: Counter[tuple[int, int, date]] = Counter()
    weeks: Counter[tuple[int, int, date]] = Counter()
    with record.reading() as connection:
        zones = dict(connection.execute(select(User.id, School.time_zone).join(School)).all())
        events = select(ProgressEvent.user_id, Module.course_id, ProgressEvent.occurred_at)
        rows = connection.execute(events.add_columns(ProgressEvent.interactions_count).join(Module)).all()
    for user_id, course_id, occurred_at, count in rows:
        day = _local_day(occurred_at, zones.get(user_id, "UTC"))
        days[user_id, course_id, day] += 1
        interactions[user_id, course_id, day] += count
        weeks[user_id, course_id, day - timedelta(days=day.isoweekday() - 1)] += 1
    return [(*key, days[key], interactions[key]) for key in days], [(*key, weeks[key]) for key in weeks]


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone if zone in ZONES else "UTC")).date()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _order(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(value is not None, value) for value in row]
