"""Reading the record's tables as Arrow: every type, every size, one state."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from sqlalchemy.engine import make_url

from data.bulk import upsert
from data.columnar import ColumnarReader, Snapshot, snapshot, snapshot_by_process
from data.columnar_reader import ReaderProcess, RecordNotReadable
from data.models import Course, Module, ModuleProgress, ProgressEvent, Unit, User
from data.record import Record
from tests.data.school import add_school, event, progress, write

Opened = Callable[[Record], AbstractContextManager[Snapshot]]


def small(record: Record) -> AbstractContextManager[Snapshot]:
    return snapshot(record)


def by_process(record: Record) -> AbstractContextManager[Snapshot]:
    return snapshot_by_process(record) if record.is_sqlite else snapshot(record, whole=True)


both_ways = pytest.mark.parametrize("opened", [small, by_process])


@both_ways
def test_every_type_arrives_as_itself(record: Record, opened: Opened) -> None:
    born = datetime(2012, 2, 29, 23, 59, 59, 123456)
    with record.writing() as tx:
        write(
            tx, User, {"id": 2**53 + 1, "full_name": "Ægir 测试 'q' \"d\" 🦊", "is_active": False, "created_at": born}
        )
        write(tx, Course, {"id": 1, "title": "", "starts_on": date(1969, 12, 31), "ends_on": None})
    users = table(record, opened, User, ["id", "full_name", "is_active", "created_at", "email"])
    assert users.to_pylist() == [
        {
            "id": 9007199254740993,
            "full_name": "Ægir 测试 'q' \"d\" 🦊",
            "is_active": False,
            "created_at": datetime(2012, 2, 29, 23, 59, 59, 123456),
            "email": None,
        }
    ]
    assert [str(kind) for kind in users.schema.types] == ["int64", "string", "bool", "timestamp[us]", "string"]
    courses = table(record, opened, Course, ["title", "starts_on", "ends_on"])
    assert courses.to_pylist() == [{"title": "", "starts_on": date(1969, 12, 31), "ends_on": None}]
    assert courses.schema.field("ends_on").type == pa.date32()


@both_ways
def test_an_empty_table_has_its_columns_types(record: Record, opened: Opened) -> None:
    found = table(
        record, opened, ModuleProgress, ["user_id", "score", "is_passed", "completed_at", "watched_intervals"]
    )
    assert found.num_rows == 0
    assert [str(kind) for kind in found.schema.types] == ["int64", "double", "bool", "timestamp[us]", "string"]


@both_ways
def test_a_double_after_thousands_of_nulls_stays_a_double(record: Record, opened: Opened) -> None:
    scores = [None] * 70_000 + [33.3, None, 66.6]
    add_scores(record, scores)
    assert table(record, opened, ProgressEvent, ["id", "score"]).sort_by("id")["score"].to_pylist() == scores


@both_ways
def test_whole_numbers_before_a_fraction_stay_doubles(record: Record, opened: Opened) -> None:
    scores = [1.0] * 3_000 + [0.5]
    add_scores(record, scores)
    assert table(record, opened, ProgressEvent, ["id", "score"]).sort_by("id")["score"].to_pylist() == scores


@both_ways
def test_a_condition_selects_rows(record: Record, opened: Opened) -> None:
    add_school(record)
    with opened(record) as state:
        found = state.batches(Module.__table__, "course_id = 2 and position > 2", ["id"]).read_all()
    assert sorted(found["id"].to_pylist()) == [4, 6]


@both_ways
def test_all_of_a_snapshot_is_one_state(record: Record, opened: Opened) -> None:
    add_school(record)
    with opened(record) as state:
        assert state.value("select count(*) from modules") == 6
        with record.writing() as tx:
            write(tx, Unit, {"id": 9, "course_id": 1, "title": "Later", "position": 9})
            write(tx, ModuleProgress, progress(1, 1, 50.0))
        seen = [state.batches(model.__table__).read_all().num_rows for model in (Unit, ModuleProgress)]
    assert seen == [2, 0]
    with opened(record) as state:
        assert state.value("select count(*) from units") == 3


@both_ways
def test_rows_of_a_statement_come_in_its_order(record: Record, opened: Opened) -> None:
    add_school(record)
    with opened(record) as state:
        assert state.rows("select id, title from units order by id desc") == [(2, "Unit 2"), (1, "Unit 1")]
        assert state.value("select id from units where id > 2") is None


def test_one_reader_serves_many_snapshots(record: Record) -> None:
    add_school(record)
    reader = ColumnarReader(record)
    counted = []
    for user_id in (1, 2, 3):
        with record.writing() as tx:
            write(tx, ModuleProgress, progress(user_id, 1, 50.0))
        with reader.snapshot() as state:
            counted.append(state.value("select count(*) from module_progress"))
    reader.close()
    assert counted == [1, 2, 3]


def test_a_reader_recovers_from_a_statement_that_failed(record: Record) -> None:
    reader = ColumnarReader(record)
    with pytest.raises(RecordNotReadable, match="nonsense"), reader.snapshot() as state:
        state.rows("select nonsense from users")
    with reader.snapshot() as state:
        assert state.value("select count(*) from users") == 0
    reader.close()


def test_a_reader_connects_again_when_the_server_cut_its_connection(postgresql_record: Record) -> None:
    reader = ColumnarReader(postgresql_record)
    with reader.snapshot() as state:
        process = state.value("select pg_backend_pid()")
    with postgresql_record.engine.begin() as connection:
        connection.exec_driver_sql(f"select pg_terminate_backend({process})")
    with pytest.raises(RecordNotReadable), reader.snapshot():
        pass
    with reader.snapshot() as state:
        assert state.value("select count(*) from users") == 0
    reader.close()


@both_ways
def test_a_missing_file_is_not_made(tmp_path: Path, opened: Opened) -> None:
    record = Record(f"sqlite:///{tmp_path / 'missing.db'}")
    with pytest.raises(RecordNotReadable, match="open"), opened(record) as state:
        state.rows("select 1 as one")
    assert not Path(make_url(record.url).database or "").exists()


def test_a_large_sqlite_record_is_read_by_a_process_and_a_small_one_is_not(sqlite_record: Record) -> None:
    with snapshot(sqlite_record, whole=True) as state:
        assert not isinstance(state.source, ReaderProcess)
    add_scores(sqlite_record, [1.0] * 100_000)
    with snapshot(sqlite_record, whole=True) as state:
        assert isinstance(state.source, ReaderProcess)
        assert state.value("select count(*) from progress_events") == 100_000


def add_scores(record: Record, scores: list[float | None]) -> None:
    add_school(record)
    rows = pl.DataFrame([event(1, 1, 1)]).select(pl.exclude("id", "event_id", "score"))
    numbered = pl.DataFrame({"id": range(len(scores)), "score": scores}, schema_overrides={"score": pl.Float64})
    with record.writing() as tx:
        upsert(tx, ProgressEvent, numbered.join(rows, how="cross").with_columns(event_id=pl.col("id").cast(pl.String)))


def table(record: Record, opened: Opened, model: Any, columns: list[str]) -> pa.Table:
    with opened(record) as state:
        return state.batches(model.__table__, columns=columns).read_all()
