"""Whatever sequence of changes a record goes through, and whenever its mirror looks: the mirror equals the record."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.mirror import Mirror
from data.models import Module, ModuleProgress, ProgressEvent, School, User
from data.record import Record, Transaction
from tests.data.comparison import assert_equal
from tests.data.school import START, add_school, event, module, progress, write
from tests.examples import up_to

Change = tuple[Callable[..., None], tuple[Any, ...]]
learners = st.integers(1, 5)
modules = st.integers(1, 6)
said = st.fixed_dictionaries(
    {
        "authority": st.sampled_from(["learner", "staff", "system"]),
        "kind": st.sampled_from(["viewed", "reset"]),
        "reason": st.just("Copied"),
    }
)
zones = st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Auckland", "America/New_York", "Nowhere"])


def happen(tx: Transaction, first: int, count: int, user_id: int, module_id: int, said: dict[str, str]) -> None:
    """Events with these numbers; those that there are already take on the new values."""
    write(tx, ProgressEvent, *(event(number, user_id, module_id, **said) for number in range(first, first + count)))


def progress_moves(tx: Transaction, module_id: int, count: int, percentage: float) -> None:
    write(tx, ModuleProgress, *(progress(user_id, module_id, percentage) for user_id in range(1, 1 + count)))


def school_moves(tx: Transaction, school_id: int, zone: str) -> None:
    write(tx, School, {"id": school_id, "name": "Moved", "time_zone": zone})


def learner_moves(tx: Transaction, user_id: int, school_id: int | None) -> None:
    row = {"id": user_id, "full_name": "Moved", "is_active": True, "created_at": START}
    write(tx, User, {**row, "school_id": school_id, "password_hash": None})


def module_moves(tx: Transaction, module_id: int, course_id: int) -> None:
    write(tx, Module, module(module_id, course_id=course_id, unit_id=course_id))


def everything_goes(tx: Transaction) -> None:
    tx.connection.exec_driver_sql("delete from progress_events")
    tx.connection.exec_driver_sql("delete from module_progress")
    tx.connection.exec_driver_sql("update record_info set mirror_epoch = mirror_epoch + 1")


changes = st.one_of(
    st.tuples(st.just(happen), st.tuples(st.integers(1, 30), st.integers(1, 5), learners, modules, said)),
    st.tuples(st.just(progress_moves), st.tuples(modules, learners, st.floats(0, 100))),
    st.tuples(st.just(school_moves), st.tuples(st.integers(1, 4), zones)),
    st.tuples(st.just(learner_moves), st.tuples(st.integers(1, 7), st.none() | st.integers(1, 3))),
    st.tuples(st.just(module_moves), st.tuples(modules, st.integers(1, 2))),
    st.tuples(st.just(everything_goes), st.just(())),
)
looks = st.sampled_from(["look", "do not look", "reopen"])
stories = st.lists(st.tuples(st.lists(changes, max_size=4), looks), max_size=8)


@settings(max_examples=up_to(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories)
def test_a_mirror_equals_its_record_after_any_changes(migrated_sqlite_file: Path, story: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(migrated_sqlite_file, Path(folder) / "waymark.db")
        record = Record(f"sqlite:///{folder}/waymark.db")
        add_school(record)
        tell(record, Path(folder) / "mirror.duckdb", story)
        record.close()


def tell(record: Record, path: Path, story: list[tuple[list[Change], str]]) -> None:
    mirror = Mirror(record, path)
    for changed_together, look in story:
        with record.writing() as tx:
            for change, values in changed_together:
                change(tx, *values)
        if look == "reopen":
            mirror.close()
            mirror = Mirror(record, path)
        if look != "do not look":
            mirror.refresh()
            assert_equal(mirror, record)
    mirror.refresh()
    assert_equal(mirror, record)
    mirror.close()
