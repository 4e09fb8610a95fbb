"""What the mirror derives from events: each learner's activity per day and week of their school, in each course.

Only what a learner did counts, on their own authority or a system's: neither what staff enter nor a reset. A reset does
not undo activity either, since the learner was there on that day.

New events are added to the counts, because counting millions takes a second. Each event counts once, however often it
arrives. If anything changes that assigns events to days and courses, everything is counted again.
"""

from datetime import datetime, timedelta
from typing import Any

import duckdb

from data.models.evidence import OWN_AUTHORITIES

_FEW_EVENTS = 2  # up to this many, adding by key is faster than planning statements for all of them
_INPUTS = {
    "schools": ("time_zone",),
    "users": ("school_id",),
    "modules": ("course_id",),
    "progress_events": ("user_id", "module_id", "kind", "authority", "occurred_at", "interactions_count"),
}
# What staff enter is not the learner's activity.
IS_COUNTED = f"event.authority in {OWN_AUTHORITIES} and event.kind <> 'reset'"
_LOCAL_TIME = "coalesce(timezone(zone.time_zone, timezone('UTC', event.occurred_at)), event.occurred_at)"
_DAYS = f"""
    select
        event.user_id,
        module.course_id,
        {_LOCAL_TIME}::date as activity_date,
        count(*) as events_count,
        sum(event.interactions_count)::bigint as interactions_count,
        max(event.occurred_at) as last_activity_at
    from {{events}} as event
    join record.modules as module on module.id = event.module_id
    join record.users as learner on learner.id = event.user_id
    left join record.school_zones as zone on zone.school_id = learner.school_id
    where {IS_COUNTED}
    group by all
"""
_WEEKS = """
    select
        user_id,
        course_id,
        date_trunc('week', activity_date)::date as week_starts_on,
        sum(events_count)::bigint as events_count,
        max(last_activity_at) as last_activity_at
    from {days}
    group by all
"""
COUNT_AFRESH = (
    "delete from record.activity_days",
    "delete from record.activity_weeks",
    f"insert into record.activity_days {_DAYS.format(events='record.progress_events')} order by user_id, course_id",
    f"insert into record.activity_weeks {_WEEKS.format(days='record.activity_days')} order by user_id, course_id",
)
_INCOMING_DAYS = _DAYS.format(events="incoming_progress_events")
_ADD_INCOMING = (
    f"create or replace temp table new_days as {_INCOMING_DAYS}",
    """
    merge into record.activity_days as known using new_days as added
    on known.user_id = added.user_id and known.course_id = added.course_id
        and known.activity_date = added.activity_date
    when matched then update set
        events_count = known.events_count + added.events_count,
        interactions_count = known.interactions_count + added.interactions_count,
        last_activity_at = greatest(known.last_activity_at, added.last_activity_at)
    when not matched then insert
    """,
    f"""
    merge into record.activity_weeks as known using ({_WEEKS.format(days="new_days")}) as added
    on known.user_id = added.user_id and known.course_id = added.course_id
        and known.week_starts_on = added.week_starts_on
    when matched then update set
        events_count = known.events_count + added.events_count,
        last_activity_at = greatest(known.last_activity_at, added.last_activity_at)
    when not matched then insert
    """,
)


def moves_activity(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the table's incoming rows change the day or course of events that have been counted."""
    if table not in _INPUTS:
        return False
    differs = " or ".join(f"known.{name} is distinct from changed.{name}" for name in _INPUTS[table])
    found = f"select 1 from record.{table} as known join incoming_{table} as changed using (id) where {differs} limit 1"
    return connection.execute(found).fetchone() is not None


def note_time_zones(connection: duckdb.DuckDBPyConnection) -> None:
    """Store the schools' time zones; a name that is not a time zone counts as UTC."""
    connection.execute("delete from record.school_zones")
    connection.execute(
        "insert into record.school_zones select id, time_zone from record.schools"
        " where time_zone in (select name from pg_timezone_names())"
    )


def add_incoming_events(connection: duckdb.DuckDBPyConnection, events_count: int) -> None:
    """Count the incoming events, none of which may have been counted already."""
    if events_count > _FEW_EVENTS:
        for statement in _ADD_INCOMING:
            connection.execute(statement)
        return
    for user_id, course_id, day, events, interactions, last in connection.execute(_INCOMING_DAYS).fetchall():
        learner = {"user_id": user_id, "course_id": course_id}
        monday = day - timedelta(days=day.weekday())
        counts = {"events_count": events, "interactions_count": interactions}
        _add(connection, "activity_days", {**learner, "activity_date": day}, counts, last)
        _add(connection, "activity_weeks", {**learner, "week_starts_on": monday}, {"events_count": events}, last)


def days_and_weeks() -> dict[str, str]:
    """The tables that new events are added to, each with the query that counts everything."""
    return {
        "activity_days": _DAYS.format(events="record.progress_events"),
        "activity_weeks": _WEEKS.format(days="record.activity_days"),
    }


def count_afresh(connection: duckdb.DuckDBPyConnection) -> None:
    """Count all events."""
    for statement in COUNT_AFRESH:
        connection.execute(statement)


def _add(
    connection: duckdb.DuckDBPyConnection, table: str, key: dict[str, Any], counts: dict[str, int], last: datetime
) -> None:
    """Add the counts to the row with this key, or create it; `last` is when the latest of the events occurred."""
    sums = ", ".join(f"{name} = {name} + ?" for name in counts)
    found = " and ".join(f"{name} = ?" for name in key)
    changes = f"{sums}, last_activity_at = greatest(last_activity_at, ?)"
    values = [*counts.values(), last, *key.values()]
    updated = connection.execute(f"update record.{table} set {changes} where {found}", values).fetchall()
    if updated == [(0,)]:
        row = {**key, **counts, "last_activity_at": last}
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into record.{table} ({', '.join(row)}) values ({marks})", list(row.values()))
