"""The import of real presentations against figures that DuckDB computes straight from the source files."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from sqlalchemy import func, select

from data.models import (
    Course,
    CourseProgress,
    Enrolment,
    Module,
    ModuleProgress,
    ProgressEvent,
    Unit,
    UnitProgress,
    User,
)
from data.record import Record
from progress.importers.oulad.importing import import_oulad
from progress.recording.rebuild import differences
from tests.progress.importers.hand_made_oulad import write_csv
from tests.progress.importers.stored import course_rows, everything, module_rows, rows, unit_rows


@pytest.fixture(scope="module")
def imported(
    migrated_sqlite_file: Path, two_presentations: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Record]:
    path = tmp_path_factory.mktemp("imported") / "waymark.db"
    shutil.copyfile(migrated_sqlite_file, path)
    record = Record(f"sqlite:///{path}")
    assert import_oulad(record, two_presentations).refused_count == 0
    yield record
    record.close()


def answer(source: duckdb.DuckDBPyConnection, question: str) -> list[tuple[Any, ...]]:
    return source.execute(question).fetchall()


def dates(listed: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The same rows with their moments, all of them at midnight UTC, as dates."""
    return [tuple(value.astimezone(UTC).date() if hasattr(value, "hour") else value for value in row) for row in listed]


def test_the_chosen_rows_hold_the_traps(source: duckdb.DuckDBPyConnection) -> None:
    assert answer(source, "select count(*) from (select id_student from student group by all having count(*) = 2)") == [
        (1,)
    ]
    assert answer(source, "select count(*) from student where registered is null") == [(5,)]
    no_date = "select count(*) from student where final_result = 'Withdrawn' and unregistered is null"
    assert answer(source, no_date) == [(1,)]
    before_start = (
        "select count(*) > 100 from student join done using (course, id_student) where completed_on < first_day"
    )
    assert answer(source, before_start) == [(True,)]


def test_enrolments_have_the_sources_status_and_dates(imported: Record, source: duckdb.DuckDBPyConnection) -> None:
    listed = (
        select(
            *(Course.external_id, User.external_id, Enrolment.status, Enrolment.enrolled_at),
            *(Enrolment.dropped_at, Enrolment.completed_at),
        )
        .select_from(Enrolment)
        .join(User, User.id == Enrolment.user_id)
        .join(Course, Course.id == Enrolment.course_id)
    )
    assert sorted(dates(rows(imported, listed)), key=lambda row: row[:2]) == answer(
        source,
        """
        select course, id_student::varchar,
            case final_result when 'Withdrawn' then 'dropped' when 'Fail' then 'active' else 'completed' end,
            first_day + coalesce(registered, 0)::int,
            if(final_result = 'Withdrawn', first_day + coalesce(unregistered, length)::int, null),
            if(final_result in ('Pass', 'Distinction'), first_day + length::int, null)
        from student order by course, id_student::varchar
        """,
    )


def test_enrolments_by_status_are_counted_alike(imported: Record, source: duckdb.DuckDBPyConnection) -> None:
    counted = (
        select(Course.external_id, Enrolment.status, func.count()).join(Course).group_by(Course.id, Enrolment.status)
    )
    results = "select course, final_result, count(*) from student group by all"
    found = {(course, result): count for course, result, count in answer(source, results)}
    assert sorted(rows(imported, counted)) == sorted(
        (course, status, sum(found.get((course, result), 0) for result in results_of_status))
        for course in ("AAA-2013J", "FFF-2014B")
        for status, results_of_status in (
            ("active", ["Fail"]),
            ("completed", ["Pass", "Distinction"]),
            ("dropped", ["Withdrawn"]),
        )
    )


def test_units_and_modules_are_those_of_the_source(imported: Record, source: duckdb.DuckDBPyConnection) -> None:
    modules = (
        select(Course.external_id, Unit.external_id, Module.external_id)
        .select_from(Module)
        .join(Unit, Unit.id == Module.unit_id)
        .join(Course, Course.id == Module.course_id)
    )
    assert sorted(rows(imported, modules)) == answer(
        source, "select course, unit, id::varchar from module order by all"
    )


def test_each_learner_completed_what_the_source_says_on_the_first_day(
    imported: Record, source: duckdb.DuckDBPyConnection
) -> None:
    completed = module_rows(imported, ModuleProgress.completed_at)
    assert dates(completed) == answer(
        source,
        "select id_student::varchar, id::varchar, completed_on from done order by id_student::varchar, id::varchar",
    )
    assert {status for *_, status in module_rows(imported, ModuleProgress.status)} == {"completed"}


def test_unit_percentages_are_completed_of_all(imported: Record, source: duckdb.DuckDBPyConnection) -> None:
    columns = (
        *(UnitProgress.completed_modules_count, UnitProgress.total_modules),
        UnitProgress.completion_percentage,
    )
    assert unit_rows(imported, *columns) == answer(
        source,
        """
        select id_student::varchar, course, unit, done, total, 100 * done / total::double
        from unit order by id_student::varchar, course, unit
        """,
    )


def test_course_percentages_are_completed_units_of_all(imported: Record, source: duckdb.DuckDBPyConnection) -> None:
    columns = (
        *(CourseProgress.completed_units_count, CourseProgress.total_units),
        *(CourseProgress.completed_modules_count, CourseProgress.total_modules),
        CourseProgress.completion_percentage,
    )
    assert course_rows(imported, *columns) == answer(
        source,
        """
        select id_student::varchar, course, count_if(done = total), count(*), sum(done)::bigint, sum(total)::bigint,
            100 * count_if(done = total) / count(*)::double
        from unit group by id_student, course order by id_student::varchar, course
        """,
    )


def test_scores_and_passes_are_the_sources_and_no_score_is_not_assessed(
    imported: Record, source: duckdb.DuckDBPyConnection
) -> None:
    columns = (ModuleProgress.score, ModuleProgress.is_passed, ModuleProgress.attempts_count)
    assessed = [row for row in module_rows(imported, *columns) if row[4] > 0]
    assert assessed == answer(
        source,
        """
        select id_student::varchar, id_assessment::varchar, score, score >= 40, 1
        from studentAssessment order by id_student::varchar, id_assessment::varchar
        """,
    )
    assert {row[3] for row in assessed} == {True, False, None}


def test_clicks_are_summed_per_learner_site_and_day(imported: Record, source: duckdb.DuckDBPyConnection) -> None:
    events = (
        select(User.external_id, Module.external_id, ProgressEvent.occurred_at, ProgressEvent.interactions_count)
        .select_from(ProgressEvent)
        .join(User, User.id == ProgressEvent.user_id)
        .join(Module, Module.id == ProgressEvent.module_id)
        .where(ProgressEvent.kind == "viewed")
    )
    assert sorted(dates(rows(imported, events))) == answer(
        source,
        """
        select id_student::varchar, id_site::varchar, first_day + date::int, sum(sum_click)::bigint
        from studentVle join course using (code_module, code_presentation)
        group by all order by all
        """,
    )


def test_banked_results_count_from_the_day_before_the_start(
    imported: Record, source: duckdb.DuckDBPyConnection
) -> None:
    banked = answer(
        source, "select id_student::varchar, id_assessment::varchar from studentAssessment where is_banked = 1"
    )
    completed = {row[:2]: row[2] for row in dates(module_rows(imported, ModuleProgress.completed_at))}
    assert {completed[pair] for pair in banked} == {date(2014, 1, 31)}


def test_stored_rows_are_what_the_events_give(imported: Record) -> None:
    assert differences(imported).is_empty()


def test_original_csv_again_changes_no_row_of_any_table(
    imported: Record, two_presentations: Path, tmp_path: Path
) -> None:
    tables = {path.stem: pl.read_parquet(path).to_dicts() for path in two_presentations.glob("*.parquet")}
    before = everything(imported)
    report = import_oulad(imported, write_csv(tmp_path / "csv", tables))
    assert (report.refused_count, report.changed_count) == (0, 0)
    assert everything(imported) == before


def test_postgresql_is_given_the_same_rows(
    imported: Record, postgresql_record: Record, two_presentations: Path
) -> None:
    import_oulad(postgresql_record, two_presentations)
    for columns in (
        (ModuleProgress.completed_at, ModuleProgress.score, ModuleProgress.is_passed),
        (ModuleProgress.started_at, ModuleProgress.last_activity_at, ModuleProgress.attempts_count),
    ):
        assert module_rows(postgresql_record, *columns) == module_rows(imported, *columns)
    units = (UnitProgress.completion_percentage, UnitProgress.completed_at, UnitProgress.last_completed_at)
    assert unit_rows(postgresql_record, *units) == unit_rows(imported, *units)
    courses = (CourseProgress.completion_percentage, CourseProgress.completed_at, CourseProgress.last_completed_at)
    assert course_rows(postgresql_record, *courses) == course_rows(imported, *courses)
    before = everything(postgresql_record)
    assert import_oulad(postgresql_record, two_presentations).changed_count == 0
    assert everything(postgresql_record) == before
