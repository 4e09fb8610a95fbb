"""A mirror holds what the record holds, and refreshes by what changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from data.columnar_reader import RecordNotReadable
from data.mirror import Mirror, Refreshed
from data.models import (
    Base,
    Course,
    Enrolment,
    Guardian,
    Module,
    ModuleProgress,
    ModuleSpan,
    ProgressEvent,
    UnitProgress,
    UserRole,
)
from data.record import Record
from tests.data.comparison import asked, assert_equal
from tests.data.school import START, event, module, progress, record_one, write


def test_first_refresh_copies_the_whole_record(school: Record, mirror: Mirror) -> None:
    record_one(school, 1, user_id=1, module_id=1)
    assert mirror.refresh() == Refreshed(rows_count=32, is_rebuilt=True)
    assert_equal(mirror, school)


def test_a_refresh_when_nothing_changed_copies_nothing(mirror: Mirror) -> None:
    mirror.refresh()
    assert mirror.refresh() == Refreshed(rows_count=0, is_rebuilt=False)


def test_one_recorded_event_copies_its_four_rows(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    record_one(school, 1, user_id=1, module_id=1)
    assert mirror.refresh() == Refreshed(rows_count=4, is_rebuilt=False)
    assert_equal(mirror, school)


def test_rows_that_change_again_and_again_have_one_copy_each(school: Record, mirror: Mirror) -> None:
    for number in range(1, 30):
        record_one(school, number, user_id=1 + number % 2, module_id=1)
        mirror.refresh()
    assert asked(mirror, "select user_id, completion_percentage from record.module_progress") == [(1, 28.0), (2, 29.0)]
    assert_equal(mirror, school)


def test_new_and_changed_rows_of_one_refresh_are_told_apart(school: Record, mirror: Mirror) -> None:
    record_one(school, 1, user_id=1, module_id=1)
    mirror.refresh()
    with school.writing() as tx:
        write(tx, ModuleProgress, *(progress(user_id, 1, 50.0 + user_id) for user_id in range(1, 6)))
        write(tx, ProgressEvent, *(event(number, 1, 1) for number in range(2, 9)))
    assert mirror.refresh().rows_count == 12
    assert_equal(mirror, school)


def test_a_refresh_of_more_rows_than_are_read_one_by_one_is_complete(school: Record, mirror: Mirror) -> None:
    record_one(school, 1, user_id=1, module_id=1)
    mirror.refresh()
    with school.writing() as tx:
        write(tx, ProgressEvent, *(event(number, 1 + number % 5, 1 + number % 6) for number in range(2, 60_002)))
    assert mirror.refresh() == Refreshed(rows_count=60_000, is_rebuilt=False)
    assert_equal(mirror, school)


def test_every_kind_of_row_arrives(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    with school.writing() as tx:
        write(tx, UserRole, {"user_id": 1, "role": "student"}, {"user_id": 1, "role": "teacher"})
        write(tx, Guardian, {"guardian_id": 5, "learner_id": 1, "relationship": "aunt"})
        write(tx, ModuleSpan, {"module_id": 1, "starts_at": START, "ends_at": START + timedelta(days=1)})
    mirror.refresh()
    with school.writing() as tx:
        write(tx, UserRole, {"user_id": 1, "role": "teacher", "ended_at": START})
        write(tx, ModuleSpan, {"module_id": 1, "starts_at": START, "ends_at": START + timedelta(days=2)})
    assert mirror.refresh() == Refreshed(rows_count=2, is_rebuilt=False)
    assert_equal(mirror, school)


def test_what_was_rolled_back_is_not_copied(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(school)
    record_one(school, 2, user_id=1, module_id=1)
    mirror.refresh()
    assert asked(mirror, "select id from record.progress_events") == [(2,)]


def test_password_hashes_are_not_copied(mirror: Mirror) -> None:
    mirror.refresh()
    with pytest.raises(duckdb.BinderException, match="password_hash"):
        mirror.cursor().execute("select password_hash from record.users")


def test_a_running_question_keeps_its_state_of_the_record(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    reader = mirror.cursor()
    reader.execute("begin")
    count = "select count(*) from record.progress_events"
    assert reader.execute(count).fetchone() == (0,)
    record_one(school, 1, user_id=1, module_id=1)
    mirror.refresh()
    assert reader.execute(count).fetchone() == (0,)
    assert mirror.cursor().execute(count).fetchone() == (1,)


def test_version_grows_when_rows_changed(school: Record, mirror: Mirror) -> None:
    versions = [mirror.version]
    for number in (1, 2):
        record_one(school, number, user_id=1, module_id=1)
        mirror.refresh()
        mirror.refresh()
        versions.append(mirror.version)
    assert versions == [0, 1, 2]


@pytest.mark.parametrize(
    ("model", "row", "courses"),
    [
        (ProgressEvent, event(1, 1, 3), {1}),
        (ModuleProgress, progress(1, 4, 50.0), {2}),
        (UnitProgress, {"user_id": 1, "unit_id": 1, "completed_modules_count": 0, "total_modules": 0}, {1}),
        (Enrolment, {"user_id": 1, "course_id": 2, "enrolled_at": START, "status": "active"}, {2}),
        (Module, module(1, title="Renamed"), {1, 2}),
        (Course, {"id": 1, "title": "Renamed"}, {1, 2}),
        (ModuleSpan, {"module_id": 1, "starts_at": START}, {1, 2}),
    ],
)
def test_version_of_a_course_grows_with_its_rows_and_with_what_courses_share(
    school: Record, mirror: Mirror, model: type[Base], row: dict[str, Any], courses: set[int]
) -> None:
    mirror.refresh()
    before = {course_id: mirror.version_of(course_id) for course_id in (1, 2)}
    with school.writing() as tx:
        write(tx, model, row)
    mirror.refresh()
    assert {course_id for course_id in (1, 2) if mirror.version_of(course_id) > before[course_id]} == courses


def test_version_of_a_course_follows_a_module_that_moves_there(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    with school.writing() as tx:
        write(tx, Module, module(1, course_id=2, unit_id=2))
    mirror.refresh()
    before = {course_id: mirror.version_of(course_id) for course_id in (1, 2)}
    with school.writing() as tx:
        write(tx, ModuleProgress, progress(1, 1, 50.0))
    mirror.refresh()
    assert (mirror.version_of(1) > before[1], mirror.version_of(2) > before[2]) == (False, True)


def test_as_of_is_when_the_last_refresh_looked(mirror: Mirror) -> None:
    assert mirror.as_of == datetime(1970, 1, 1, tzinfo=UTC)
    mirror.refresh()
    before = datetime.now(UTC)
    mirror.refresh()
    assert before <= mirror.as_of <= datetime.now(UTC)


def test_a_new_epoch_rebuilds_a_mirror_while_it_is_open(school: Record, mirror: Mirror) -> None:
    record_one(school, 1, user_id=1, module_id=1)
    mirror.refresh()
    with school.writing() as tx:
        tx.connection.exec_driver_sql("delete from progress_events")
        tx.connection.exec_driver_sql("update record_info set mirror_epoch = mirror_epoch + 1")
    assert mirror.refresh() == Refreshed(rows_count=31, is_rebuilt=True)
    assert_equal(mirror, school)
    record_one(school, 2, user_id=2, module_id=2)
    assert mirror.refresh() == Refreshed(rows_count=4, is_rebuilt=False)
    assert_equal(mirror, school)


def test_views_survive_a_rebuild(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    mirror.cursor().execute("create view schools_count as select count(*) from record.schools")
    with school.writing() as tx:
        tx.connection.exec_driver_sql("update record_info set mirror_epoch = mirror_epoch + 1")
    mirror.refresh()
    assert asked(mirror, "from schools_count") == [(3,)]


def test_a_record_that_cannot_be_read_leaves_the_mirror_as_it_was(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    with school.engine.begin() as connection:
        connection.exec_driver_sql("alter table record_info rename to away")
    with pytest.raises(RecordNotReadable, match="record_info"):
        mirror.refresh()
    assert asked(mirror, "select count(*) from record.users") == [(5,)]
    with school.engine.begin() as connection:
        connection.exec_driver_sql("alter table away rename to record_info")
    record_one(school, 1, user_id=1, module_id=1)
    assert mirror.refresh() == Refreshed(rows_count=4, is_rebuilt=False)


def _write_and_fail(record: Record) -> None:
    with record.writing() as tx:
        write(tx, ProgressEvent, event(1, 1, 1))
        raise ZeroDivisionError
