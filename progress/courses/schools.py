"""Schools, and the time zone in which each counts its days and weeks.

A new time zone changes when days begin, not what happened: events keep their moments, and memberships keep their days.
Enrolments that began or ended with a day of a class move to the new midnight of that day.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import available_timezones

import polars as pl
from sqlalchemy import Connection, select, update

from data.bulk import matches_any, rows_where, upsert
from data.locks import lock_structure
from data.models import ClassLearner, Course, Enrolment, School, SchoolClass
from data.moments import naive_utc
from data.record import Transaction
from data.school_days import day_begins
from progress.audit.noting import note
from progress.completion.module_states import TIME
from progress.courses.class_enrolment import follow, held_before
from progress.courses.completing_enrolments import ENROLMENT_SCHEMA

# Zones named after places. The others are leftovers ("EST5EDT", "Etc/GMT+5") or missing on some systems.
_REGIONS = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
}
_PAIR = ["user_id", "course_id"]
_DAYS = {
    **dict.fromkeys(_PAIR, pl.Int64),
    **dict.fromkeys(("joined_on", "left_on"), pl.Date),
    "time_zone": pl.String,
}


class UnknownTimeZone(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{name}” is no time zone here. Names are such as Europe/London, America/Los_Angeles and UTC."
        )
        self.name = name


class UnknownSchool(LookupError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no school “{name}”. `python -m progress school show` lists them.")
        self.name = name


class SchoolFacts(NamedTuple):
    """A school as it is now; `parent_id` is the organisation that it belongs to."""

    school_id: int
    external_id: str | None
    name: str
    kind: str
    time_zone: str
    parent_id: int | None


@cache
def time_zones() -> list[str]:
    """The time zones to choose from, by name; UTC first."""
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in _REGIONS)]


def schools(connection: Connection) -> list[SchoolFacts]:
    """Every school that has not ended, by name."""
    found = select(School.id, School.external_id, School.name, School.kind, School.time_zone, School.parent_id).where(
        School.ended_at.is_(None)
    )
    return [SchoolFacts(*row) for row in connection.execute(found.order_by(School.name, School.id))]


def school_named(connection: Connection, name: str) -> SchoolFacts:
    """The school with this external id, number or name. Raises UnknownSchool, also if the name is ambiguous."""
    candidates = schools(connection)
    for field in ("external_id", "school_id", "name"):
        found = [school for school in candidates if str(getattr(school, field)) == name]
        if len(found) == 1:
            return found[0]
    raise UnknownSchool(name)


def schools_below(all_schools: list[SchoolFacts], school_id: int) -> list[SchoolFacts]:
    """The schools that belong to this one, directly or through others."""
    direct = [school for school in all_schools if school.parent_id == school_id]
    return [*direct, *(below for school in direct for below in schools_below(all_schools, school.school_id))]


def set_time_zone(tx: Transaction, school_ids: Iterable[int], time_zone: str, now: datetime) -> int:
    """Change the time zone of these schools; returns how many had another one before. Raises UnknownTimeZone.

    Enrolments follow at once if a class now begins or ends at another moment.
    """
    before = held_before(tx, now)
    count = change_time_zone(tx, school_ids, time_zone)
    if count:
        follow(tx, before, now)
    return count


def change_time_zone(tx: Transaction, school_ids: Iterable[int], time_zone: str) -> int:
    """As `set_time_zone`, for callers who make enrolments follow themselves."""
    if time_zone not in time_zones():
        raise UnknownTimeZone(time_zone)
    stored = select(School.id, School.time_zone).where(matches_any(tx, School.id, school_ids))
    changing = {school: zone for school, zone in tx.execute(stored) if zone != time_zone}
    if changing:
        _move_midnights(tx, changing, time_zone)
        chosen = matches_any(tx, School.id, changing)
        tx.execute(update(School).where(chosen).values(time_zone=time_zone, changed_in=tx.number))
    for school_id, old in sorted(changing.items()):
        note(tx, "school.changed", school_id=school_id, time_zone_before=old, time_zone=time_zone)
    return len(changing)


def _move_midnights(tx: Transaction, zones: dict[int, str], time_zone: str) -> None:
    """Move enrolments that began or ended with a day of one of these schools to the new midnight of that day."""
    days = _days_of_classes(tx, zones)
    pairs = days.select(_PAIR).unique()
    lock_structure(tx, pairs["course_id"].unique())
    columns = select(*(getattr(Enrolment, name) for name in ENROLMENT_SCHEMA))
    is_affected = matches_any(tx, Enrolment.user_id, pairs["user_id"].unique())
    stored = moved = rows_where(tx, columns.where(is_affected), ENROLMENT_SCHEMA)
    for day, moment in (("joined_on", "enrolled_at"), ("left_on", "dropped_at")):
        midnights = _midnights(days, day, moment, time_zone)
        joined = moved.join(midnights, on=[*_PAIR, moment], how="left", maintain_order="left")
        moved = joined.with_columns(pl.coalesce("moved_at", moment).alias(moment)).drop("moved_at")
    upsert(tx, Enrolment, moved.join(stored, on=list(ENROLMENT_SCHEMA), how="anti", nulls_equal=True))


def _midnights(days: pl.DataFrame, day: str, moment: str, time_zone: str) -> pl.DataFrame:
    """(…_PAIR, moment, moved_at): when each day began in the old time zone, and when it begins in the new one."""
    known = days.select(*_PAIR, day, "time_zone").drop_nulls().unique()
    dates = known.select(day, "time_zone").rows()
    began = [naive_utc(day_begins(on, zone)) for on, zone in dates]
    begins = [naive_utc(day_begins(on, time_zone)) for on, _ in dates]
    dated = known.with_columns(pl.Series(moment, began, dtype=TIME), pl.Series("moved_at", begins, dtype=TIME))
    return dated.select(*_PAIR, moment, "moved_at").unique([*_PAIR, moment])


def _days_of_classes(tx: Transaction, zones: dict[int, str]) -> pl.DataFrame:
    """(…_PAIR, joined_on, left_on, time_zone) of the memberships whose days are counted at one of these schools."""
    of_class = matches_any(tx, SchoolClass.school_id, zones)
    of_course = SchoolClass.school_id.is_(None) & matches_any(tx, Course.school_id, zones)
    sets_days = (School.id == SchoolClass.school_id) | (
        SchoolClass.school_id.is_(None) & (School.id == Course.school_id)
    )
    memberships = (
        select(
            *(ClassLearner.user_id, SchoolClass.course_id),
            *(ClassLearner.joined_on, ClassLearner.left_on, School.time_zone),
        )
        .join(SchoolClass, SchoolClass.id == ClassLearner.class_id)
        .join(Course, Course.id == SchoolClass.course_id)
        .join(School, sets_days)
        .where(of_class | of_course)
    )
    return rows_where(tx, memberships, _DAYS)
