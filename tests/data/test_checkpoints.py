"""When SQLite's write-ahead log gets into its file: at the end of a transaction, or when somebody asks for it."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from data.bulk import upsert
from data.models import User
from data.record import Record

PEOPLE = 10_000
MEGABYTES = 10_000_000


def add_people(record: Record, *, checkpoints: bool) -> None:
    names = pl.DataFrame({"full_name": [f"{number:>1000}" for number in range(PEOPLE)]})
    with record.writing(checkpoints=checkpoints) as tx:
        created_at = pl.lit(datetime(2026, 3, 2), pl.Datetime("us"))
        upsert(tx, User, names.with_columns(is_active=pl.lit(True), created_at=created_at))


def people(record: Record) -> int:
    with record.reading() as connection:
        return connection.execute(select(func.count()).select_from(User)).scalar_one()


def file_bytes(record: Record) -> int:
    return Path(make_url(record.url).database or "").stat().st_size


def test_large_transaction_can_leave_the_log_to_a_checkpoint_beside(sqlite_record: Record) -> None:
    before = file_bytes(sqlite_record)
    add_people(sqlite_record, checkpoints=False)
    assert (people(sqlite_record), file_bytes(sqlite_record)) == (PEOPLE, before)
    sqlite_record.checkpoint()
    assert file_bytes(sqlite_record) > before + MEGABYTES


def test_next_transaction_brings_the_log_into_the_file_by_itself(sqlite_record: Record) -> None:
    before = file_bytes(sqlite_record)
    add_people(sqlite_record, checkpoints=False)
    add_people(sqlite_record, checkpoints=True)
    assert people(sqlite_record) == 2 * PEOPLE
    assert file_bytes(sqlite_record) > before + 2 * MEGABYTES


def test_transaction_that_fails_leaves_nothing_and_checkpoints_as_before(sqlite_record: Record) -> None:
    with pytest.raises(ZeroDivisionError), sqlite_record.writing(checkpoints=False):
        1 / 0  # noqa: B018
    before = file_bytes(sqlite_record)
    add_people(sqlite_record, checkpoints=True)
    assert file_bytes(sqlite_record) > before + MEGABYTES


def test_checkpoint_of_postgresql_is_its_own_matter(postgresql_record: Record) -> None:
    add_people(postgresql_record, checkpoints=False)
    postgresql_record.checkpoint()
    assert people(postgresql_record) == PEOPLE
