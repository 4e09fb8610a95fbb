"""Frames written in bulk arrive whole, whatever their number of rows and whichever of their columns are all alike."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from sqlalchemy import select, update

from data.bulk import upsert
from data.models import Course, School, User
from data.record import Record

NAMES = ["O’Brien", 'She said "so"', "it's", "; drop table users", "", "Zoë"]


def people(count: int) -> pl.DataFrame:
    """Rows whose first columns differ, and whose last ones are the same in all."""
    numbers = range(1, count + 1)
    return pl.DataFrame(
        {
            "id": numbers,
            "external_id": [f"p{n}" for n in numbers],
            "full_name": [NAMES[n % len(NAMES)] for n in numbers],
            "email": pl.Series([None] * count, dtype=pl.String),
            "is_active": [True] * count,
            "created_at": [datetime(2025, 5, 1, 12, 30, 0, 250)] * count,
        }
    )


def stored(record: Record, *columns: Any) -> list[tuple[Any, ...]]:
    with record.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(columns[0]))]


@pytest.mark.parametrize("count", [1, 2, 99, 100, 101, 250, 10_999])
def test_every_row_of_a_frame_is_stored(record: Record, count: int) -> None:
    with record.writing() as tx:
        upsert(tx, User, people(count))
    columns = (User.id, User.external_id, User.full_name, User.email, User.is_active, User.created_at, User.changed_in)
    moment = datetime(2025, 5, 1, 12, 30, 0, 250, tzinfo=UTC)
    assert stored(record, *columns) == [
        (n, f"p{n}", NAMES[n % len(NAMES)], None, True, moment, tx.number) for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("count", [50, 10_999])
def test_rows_that_exist_are_updated_by_their_key(record: Record, count: int) -> None:
    with record.writing() as tx:
        upsert(tx, User, people(100 + count))
    with record.writing() as tx:
        updated = upsert(tx, User, people(100 + count)[100:].with_columns(full_name=pl.lit("Someone else")))
    names = [name for _, name in stored(record, User.id, User.full_name)]
    assert updated == count
    assert names[99:101] == [NAMES[100 % len(NAMES)], "Someone else"]
    assert names.count("Someone else") == count


def test_many_new_rows_are_counted_without_those_that_are_left_alone(record: Record) -> None:
    with record.writing() as tx:
        upsert(tx, User, people(12_000)[:7])
        assert upsert(tx, User, people(12_000), keep_existing=True) == 11_993


def test_rows_that_exist_under_any_key_are_left_alone_where_asked(record: Record) -> None:
    with record.writing() as tx:
        upsert(tx, User, people(2))
        tx.execute(update(User).values(full_name="First come"))
        clash = people(3).with_columns(id=pl.col("id") + 10)
        upsert(tx, User, clash, keep_existing=True)
    assert stored(record, User.id, User.full_name) == [(1, "First come"), (2, "First come"), (13, NAMES[3])]


def test_rows_that_are_all_alike_are_all_stored(record: Record) -> None:
    with record.writing() as tx:
        upsert(tx, School, pl.DataFrame({"name": ["North"] * 3, "time_zone": ["UTC"] * 3}))
    assert stored(record, School.name) == [("North",)] * 3


def test_dates_and_missing_values_come_back_as_they_were(record: Record) -> None:
    days = [date(2013, 10, 1), None, date(1969, 12, 31)]
    with record.writing() as tx:
        upsert(tx, Course, pl.DataFrame({"id": [1, 2, 3], "title": ["a", "b", "c"], "starts_on": days}))
    assert [starts_on for _, starts_on in stored(record, Course.id, Course.starts_on)] == days


def test_frame_without_rows_changes_nothing(record: Record) -> None:
    with record.writing() as tx:
        upsert(tx, User, people(0))
    assert stored(record, User.id) == []
