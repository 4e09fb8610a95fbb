"""The mirror's tables in DuckDB: a copy of each mirrored model, derived tables, and the mirror's own state.

Without keys or constraints: the record has them, and DuckDB's indexes made a cold build a fifth and an upsert half as
long again. Rows are in the record's order, so that reading by learner skips most of a large table.
"""

from functools import cache
from hashlib import sha256

import duckdb
import pyarrow as pa
from sqlalchemy import Table

from data.columnar import arrow_type
from data.mirror.activity import COUNT_AFRESH
from data.models import Base

_WITHHELD = frozenset({"password_hash"})
_TYPES = {
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.string(): "varchar",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
}
_DERIVED = (
    "create table record.activity_days (user_id bigint, course_id bigint, activity_date date,"
    " events_count bigint, interactions_count bigint, last_activity_at timestamp)",
    "create table record.activity_weeks (user_id bigint, course_id bigint, week_starts_on date,"
    " events_count bigint, last_activity_at timestamp)",
    "create table record.school_zones (school_id bigint, time_zone varchar)",
    "create table record.mirror_state (layout varchar, record_uuid varchar, mirror_epoch bigint, mark varchar,"
    " witness varchar)",
)


@cache
def mirrored_tables() -> tuple[Table, ...]:
    """The record's mirrored tables, each after those that it refers to."""
    return tuple(table for table in Base.metadata.sorted_tables if "changed_in" in table.c)


def mirrored_columns(table: Table) -> list[str]:
    """The columns that are copied: all except secrets, which no question may ever reach."""
    return [column.name for column in table.c if column.name not in _WITHHELD]


@cache
def arrow_schema(table: Table) -> pa.Schema:
    return pa.schema([(name, arrow_type(table.c[name])) for name in mirrored_columns(table)])


def lay_out(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace everything in the schema `record` by empty tables."""
    connection.execute("drop schema if exists record cascade")
    connection.execute("create schema record")
    for statement in _statements():
        connection.execute(statement)
    connection.execute("insert into record.mirror_state (layout) values (?)", [fingerprint()])


def has_layout(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the tables are those that this version of Waymark writes."""
    found = "select 1 from duckdb_tables() where schema_name = 'record' and table_name = 'mirror_state'"
    if connection.execute(found).fetchone() is None:
        return False
    return connection.execute("select layout from record.mirror_state").fetchall() == [(fingerprint(),)]


def fingerprint() -> str:
    """A hash of everything that decides a mirror's contents, including DuckDB's version for its time zone rules."""
    return sha256("\n".join((duckdb.__version__, *_statements(), *COUNT_AFRESH)).encode()).hexdigest()


def _statements() -> list[str]:
    return [*(_copy_of(table) for table in mirrored_tables()), *_DERIVED]


def _copy_of(table: Table) -> str:
    columns = ", ".join(f"{field.name} {_TYPES[field.type]}" for field in arrow_schema(table))
    return f"create table record.{table.name} ({columns})"
