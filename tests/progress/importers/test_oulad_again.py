"""Importing the OULAD once more: the same changes nothing, news is added, and what people decided here stays."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from data.models import Course, CourseProgress, Enrolment, Module, ModuleSpan, ProgressEvent, Unit, UnitProgress, User
from data.record import Record
from data.source_rows import Tally
from progress.courses.structure import retire_module
from progress.importers.oulad.importing import PresentationFailed, import_oulad
from progress.recording.rebuild import differences
from tests.progress.importers.hand_made_oulad import Tables, hand_made_tables, write_csv, write_parquet
from tests.progress.importers.stored import course_rows, day, everything, rows, unit_rows


@pytest.fixture
def tables() -> Tables:
    return hand_made_tables()


def test_same_files_again_change_no_row_of_any_table(record: Record, tmp_path: Path, tables: Tables) -> None:
    folder = write_parquet(tmp_path / "oulad", tables)
    first = import_oulad(record, folder)
    before = everything(record)
    again = import_oulad(record, folder)
    assert everything(record) == before
    assert first.tallies == {
        "courses": Tally(created=2),
        "units": Tally(created=5),
        "modules": Tally(created=8),
        "learners": Tally(created=5, unchanged=1),
        "enrolments": Tally(created=6),
        "events": Tally(created=9),
    }
    assert again.changed_count == 0
    assert again.tallies == {
        "courses": Tally(unchanged=2),
        "units": Tally(unchanged=5),
        "modules": Tally(unchanged=8),
        "learners": Tally(unchanged=6),
        "enrolments": Tally(unchanged=6),
        "events": Tally(unchanged=9),
    }


def test_original_csv_gives_the_same_rows_as_parquet(sqlite_record: Record, tmp_path: Path, tables: Tables) -> None:
    import_oulad(sqlite_record, write_parquet(tmp_path / "parquet", tables))
    before = everything(sqlite_record)
    report = import_oulad(sqlite_record, write_csv(tmp_path / "csv", tables))
    assert report.changed_count == 0
    assert report.refused_count == 0
    assert everything(sqlite_record) == before


def test_parquet_of_doubles_gives_the_same_rows(sqlite_record: Record, tmp_path: Path, tables: Tables) -> None:
    import_oulad(sqlite_record, write_parquet(tmp_path / "whole", tables))
    before = everything(sqlite_record)
    for listed in tables.values():
        for row in listed:
            row.update({key: float(value) for key, value in row.items() if isinstance(value, int)})
            row.update({key: float("nan") for key in ("score", "date_registration") if key in row and row[key] is None})
    assert import_oulad(sqlite_record, write_parquet(tmp_path / "doubles", tables)).changed_count == 0
    assert everything(sqlite_record) == before


def test_news_in_the_files_is_added_and_rolled_up(record: Record, tmp_path: Path, tables: Tables) -> None:
    import_oulad(record, write_parquet(tmp_path / "oulad", tables))
    tables["studentInfo"][2]["final_result"] = "Pass"
    tables["studentInfo"].append({**tables["studentInfo"][5], "id_student": 12})
    tables["studentVle"].append({**tables["studentVle"][3], "id_student": 9, "date": 30})
    report = import_oulad(record, write_parquet(tmp_path / "oulad", tables))
    assert report.tallies["enrolments"] == Tally(created=1, updated=1, unchanged=5)
    assert report.tallies["learners"] == Tally(created=1, unchanged=6)
    assert report.tallies["events"] == Tally(created=1, unchanged=9)
    assert ("12", "BBB-2014B", 0.0) in course_rows(record, CourseProgress.completion_percentage)
    assert ("9", "AAA-2013J", 100 / 3) in course_rows(record, CourseProgress.completion_percentage)
    assert differences(record).is_empty()


def test_new_site_counts_from_now_on_and_takes_back_no_completion(
    record: Record, tmp_path: Path, tables: Tables
) -> None:
    import_oulad(record, write_parquet(tmp_path / "oulad", tables))
    tables["vle"].append({**tables["vle"][0], "id_site": 104})
    report = import_oulad(record, write_parquet(tmp_path / "oulad", tables))
    assert report.tallies["modules"] == Tally(created=1, unchanged=8)
    resource = unit_rows(record, UnitProgress.completion_percentage, UnitProgress.completed_at)
    assert ("7", "AAA-2013J", "resource", 50.0, day("2013-10-01")) in resource
    assert ("8", "AAA-2013J", "resource", 0.0, None) in resource
    starts = select(ModuleSpan.starts_at).join(Module).where(Module.external_id == "104")
    assert rows(record, starts)[0][0] > day("2020-01-01")
    assert differences(record).is_empty()


def test_site_of_another_activity_type_moves_to_its_unit(sqlite_record: Record, tmp_path: Path, tables: Tables) -> None:
    import_oulad(sqlite_record, write_parquet(tmp_path / "oulad", tables))
    tables["vle"][0]["activity_type"] = "forumng"
    import_oulad(sqlite_record, write_parquet(tmp_path / "oulad", tables))
    moved = select(Unit.external_id, Module.title).join(Module).where(Module.external_id == "103")
    assert rows(sqlite_record, moved) == [("forumng", "Forum 103")]
    counts = (UnitProgress.completed_modules_count, UnitProgress.total_modules)
    assert [row for row in unit_rows(sqlite_record, *counts) if row[0] == "7" and row[1] == "AAA-2013J"] == [
        ("7", "AAA-2013J", "assessments", 2, 3),
        ("7", "AAA-2013J", "forumng", 2, 3),
        ("7", "AAA-2013J", "resource", 0, 0),
    ]
    assert differences(sqlite_record).is_empty()


def test_what_people_decided_here_stays(sqlite_record: Record, tmp_path: Path, tables: Tables) -> None:
    folder = write_parquet(tmp_path / "oulad", tables)
    import_oulad(sqlite_record, folder)
    with sqlite_record.writing() as tx:
        tx.execute(update(User).where(User.external_id == "7").values(full_name="Ann Lee", changed_in=tx.number))
        module_id = tx.execute(select(Module.id).where(Module.external_id == "102")).scalar_one()
        retire_module(tx, module_id, day("2015-01-01"))
    before = everything(sqlite_record)
    assert import_oulad(sqlite_record, folder).changed_count == 0
    assert everything(sqlite_record) == before


def test_completion_earned_here_is_not_taken_back_by_a_source_that_says_active(
    sqlite_record: Record, tmp_path: Path, tables: Tables
) -> None:
    tables["studentAssessment"].append({**tables["studentAssessment"][0], "id_assessment": 21, "date_submitted": 9})
    folder = write_parquet(tmp_path / "oulad", tables)
    import_oulad(sqlite_record, folder)
    completed = select(Enrolment.status, Enrolment.completed_by, Enrolment.completed_at).join(
        Course, Course.id == Enrolment.course_id
    )
    of_bbb = completed.where(Course.external_id == "BBB-2014B")
    assert rows(sqlite_record, of_bbb) == [("completed", "roll-up", day("2014-02-10"))]
    before = everything(sqlite_record)
    assert import_oulad(sqlite_record, folder).tallies["enrolments"] == Tally(unchanged=6)
    assert everything(sqlite_record) == before


def test_presentation_that_fails_leaves_the_one_before_whole_and_nothing_of_itself(
    sqlite_record: Record, tmp_path: Path, tables: Tables
) -> None:
    folder = write_parquet(tmp_path / "oulad", tables)
    full_disk = """create trigger full_disk before insert on progress_events when new.event_id like 'v:7:201:%'
                   begin select raise(abort, 'database or disk is full'); end"""
    with sqlite_record.writing() as tx:
        tx.execute(text(full_disk))
    with pytest.raises(PresentationFailed, match="BBB-2014B could not be stored: database or disk is full"):
        import_oulad(sqlite_record, folder)
    assert rows(sqlite_record, select(Course.external_id)) == [("AAA-2013J",)]
    assert rows(sqlite_record, select(func.count()).select_from(ProgressEvent)) == [(8,)]
    assert differences(sqlite_record).is_empty()
    with sqlite_record.writing() as tx:
        tx.execute(text("drop trigger full_disk"))
    report = import_oulad(sqlite_record, folder)
    assert report.tallies["courses"] == Tally(created=1, unchanged=1)
    assert report.tallies["events"] == Tally(created=1, unchanged=8)
    assert differences(sqlite_record).is_empty()


def test_progress_is_told_from_nothing_to_everything(sqlite_record: Record, tmp_path: Path, tables: Tables) -> None:
    tables["studentVle"][0]["sum_click"] = -1
    told: list[tuple[int, int, str]] = []
    import_oulad(sqlite_record, write_parquet(tmp_path / "oulad", tables), lambda *step: told.append(step))
    assert told == [
        (0, 32, "Reading the tables"),
        (1, 32, "AAA-2013J"),
        (26, 32, "BBB-2014B"),
        (32, 32, "Done"),
    ]
