"""Whether a mirror agrees with its record, by counts and sums or row by row."""

from dataclasses import dataclass

import duckdb
from sqlalchemy import Table

from data.columnar import Snapshot
from data.mirror.activity import IS_COUNTED, days_and_weeks
from data.mirror.copies import COPIED
from data.mirror.layout import mirrored_columns, mirrored_tables

_TALLY = "select '{name}', count(*), cast(coalesce(sum(changed_in), 0) as {text}) from {place}{name}"
_COURSES = {
    "course_id": "{row}.course_id",
    "unit_id": "(select course_id from record.units where id = {row}.unit_id)",
    "module_id": "(select course_id from record.modules where id = {row}.module_id)",
}
_DIFFERING = """
    with lacking as (from truth except all from held),
    surplus as (from held except all from truth),
    differing as (
        select course_id, 1 as lacking, 0 as surplus from lacking
        union all
        select course_id, 0 as lacking, 1 as surplus from surplus
    )
    select
        course_id,
        (select count(*) from truth where course_id is not distinct from differing.course_id),
        (select count(*) from held where course_id is not distinct from differing.course_id),
        greatest(sum(lacking), sum(surplus))::bigint
    from differing
    group by course_id
    order by course_id
"""


@dataclass(frozen=True)
class MirrorDifference:
    """A table of the mirror that differs from the record in one course, or in general if it belongs to no course.

    `differing_count`: rows that are missing, extra or different in the mirror.
    """

    table: str
    course_id: int | None
    record_count: int
    mirror_count: int
    differing_count: int


def is_complete(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> bool:
    """Whether counts and sums of every table match the record: quick, and enough to notice lost rows."""
    counted = "select coalesce(sum(events_count), 0) from record.activity_days"
    (events,) = connection.execute(
        f"select count(*) from record.progress_events as event where {IS_COUNTED}"
    ).fetchall()
    if connection.execute(counted).fetchall() != [events]:
        return False
    held = connection.execute(_tallies("record.", "varchar")).fetchall()
    return sorted(held) == sorted(snapshot.rows(_tallies("", "text")))


def differences(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> list[MirrorDifference]:
    """Compare every table with the record row by row, and what is derived from them with a new count."""
    found = [each for table in mirrored_tables() for each in _of_copy(connection, snapshot, table)]
    for name, counted in days_and_weeks().items():
        _hash_rows(connection, "truth", f"({counted})", "row.course_id")
        _hash_rows(connection, "held", f"record.{name}", "row.course_id")
        found += _differing(connection, name)
    return found


def _of_copy(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, table: Table) -> list[MirrorDifference]:
    course = next((found for column, found in _COURSES.items() if column in table.c), "null::bigint")
    connection.register(COPIED, snapshot.batches(table, columns=mirrored_columns(table)))
    _hash_rows(connection, "truth", COPIED, course.format(row="row"))
    connection.unregister(COPIED)
    _hash_rows(connection, "held", f"record.{table.name}", course.format(row="row"))
    return _differing(connection, table.name)


def _hash_rows(connection: duckdb.DuckDBPyConnection, name: str, rows: str, course: str) -> None:
    sql = f"create or replace temp table {name} as select {course} as course_id, hash(row) as hash from {rows} as row"
    connection.execute(sql)


def _differing(connection: duckdb.DuckDBPyConnection, name: str) -> list[MirrorDifference]:
    return [MirrorDifference(name, *row) for row in connection.execute(_DIFFERING).fetchall()]


def _tallies(place: str, text: str) -> str:
    each = (_TALLY.format(name=table.name, text=text, place=place) for table in mirrored_tables())
    return " union all ".join(each)
