"""What each row of the OULAD becomes, on data made by hand, on SQLite and on PostgreSQL."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from data.models import (
    Course,
    CourseProgress,
    Enrolment,
    Module,
    ModuleProgress,
    ModuleSpan,
    ProgressEvent,
    Unit,
    UnitProgress,
    User,
    UserRole,
)
from data.record import Record
from progress.importers.oulad.importing import import_oulad
from progress.recording.rebuild import differences
from tests.progress.importers.hand_made_oulad import hand_made_tables, write_parquet
from tests.progress.importers.stored import course_rows, day, module_rows, rows, unit_rows


@pytest.fixture
def imported(record: Record, tmp_path: Path) -> Record:
    import_oulad(record, write_parquet(tmp_path / "oulad", hand_made_tables()))
    return record


def test_presentation_becomes_a_course_that_runs_from_its_first_to_its_last_day(imported: Record) -> None:
    courses = select(Course.external_id, Course.title, Course.starts_on, Course.ends_on).order_by(Course.id)
    assert rows(imported, courses) == [
        ("AAA-2013J", "AAA, October 2013", date(2013, 10, 1), date(2014, 6, 26)),
        ("BBB-2014B", "BBB, February 2014", date(2014, 2, 1), date(2014, 9, 29)),
    ]


def test_activity_types_become_units_and_the_assessments_come_last(imported: Record) -> None:
    units = select(Course.external_id, Unit.position, Unit.external_id, Unit.title).join(Course)
    assert sorted(rows(imported, units)) == [
        ("AAA-2013J", 1, "forumng", "forumng"),
        ("AAA-2013J", 2, "resource", "resource"),
        ("AAA-2013J", 3, "assessments", "assessments"),
        ("BBB-2014B", 1, "quiz", "quiz"),
        ("BBB-2014B", 2, "assessments", "assessments"),
    ]


def test_sites_and_assessments_become_required_modules(imported: Record) -> None:
    modules = (
        select(
            *(Module.external_id, Unit.external_id, Module.position, Module.title, Module.kind),
            *(Module.completion_rule, Module.pass_mark, Module.is_required),
        )
        .join(Unit, Unit.id == Module.unit_id)
        .order_by(Module.course_id, Unit.position, Module.position)
    )
    assert rows(imported, modules) == [
        ("101", "forumng", 1, "Forum 101", "activity", "viewed", None, True),
        ("102", "forumng", 2, "Forum 102", "activity", "viewed", None, True),
        ("103", "resource", 1, "Resource 103", "reading", "viewed", None, True),
        ("13", "assessments", 1, "TMA 13", "assignment", "submitted", 40.0, True),
        ("12", "assessments", 2, "CMA 12", "quiz", "submitted", 40.0, True),
        ("11", "assessments", 3, "Exam 11", "exam", "submitted", 40.0, True),
        ("201", "quiz", 1, "Quiz 201", "activity", "viewed", None, True),
        ("21", "assessments", 1, "TMA 21", "assignment", "submitted", 40.0, True),
    ]


def test_modules_count_from_the_first_day_of_which_anything_is_known(imported: Record) -> None:
    spans = (
        select(Course.external_id, Module.published_at, ModuleSpan.starts_at, ModuleSpan.ends_at)
        .select_from(ModuleSpan)
        .join(Module, Module.id == ModuleSpan.module_id)
        .join(Course, Course.id == Module.course_id)
        .distinct()
    )
    assert sorted(rows(imported, spans)) == [
        ("AAA-2013J", day("2013-09-11"), day("2013-09-11"), None),  # a registration, 20 days before the start
        ("BBB-2014B", day("2014-01-29"), day("2014-01-29"), None),
    ]


def test_student_in_two_presentations_is_one_learner(imported: Record) -> None:
    people = select(User.external_id, User.full_name, User.username, UserRole.role).join(UserRole)
    assert sorted(rows(imported, people)) == [
        ("10", "Learner 10", None, "student"),
        ("11", "Learner 11", None, "student"),
        ("7", "Learner 7", None, "student"),
        ("8", "Learner 8", None, "student"),
        ("9", "Learner 9", None, "student"),
    ]


def test_result_and_registration_become_an_enrolment(imported: Record) -> None:
    enrolments = (
        select(
            *(User.external_id, Course.external_id, Enrolment.status, Enrolment.enrolled_at),
            *(Enrolment.completed_at, Enrolment.completed_by, Enrolment.dropped_at),
        )
        .select_from(Enrolment)
        .join(User, User.id == Enrolment.user_id)
        .join(Course, Course.id == Enrolment.course_id)
    )
    start, end = day("2013-10-01"), day("2014-06-26")
    assert sorted(rows(imported, enrolments), key=lambda row: (row[1], int(row[0]))) == [
        ("7", "AAA-2013J", "completed", day("2013-09-11"), end, "source", None),
        ("8", "AAA-2013J", "dropped", day("2013-09-21"), None, None, day("2013-10-13")),
        ("9", "AAA-2013J", "active", start, None, None, None),  # registered on a day that nobody noted
        ("10", "AAA-2013J", "completed", day("2013-10-04"), end, "source", None),
        ("11", "AAA-2013J", "dropped", day("2013-09-26"), None, None, end),  # withdrew on a day that nobody noted
        ("7", "BBB-2014B", "active", day("2014-01-29"), None, None, None),
    ]


def test_clicks_and_submissions_become_events(imported: Record) -> None:
    events = select(
        *(ProgressEvent.event_id, ProgressEvent.kind, ProgressEvent.occurred_at, ProgressEvent.interactions_count),
        *(ProgressEvent.score, ProgressEvent.source, ProgressEvent.authority),
    )
    assert sorted(row[:5] for row in rows(imported, events)) == [
        ("a:10:13", "submitted", day("2013-10-20"), 1, None),
        ("a:7:12", "submitted", day("2013-09-30"), 1, 40.0),  # banked
        ("a:7:13", "submitted", day("2013-10-19"), 1, 78.0),
        ("a:9:13", "submitted", day("2013-10-21"), 1, 39.0),
        ("v:7:101:-5", "viewed", day("2013-09-26"), 9, None),  # two rows of one day, summed
        ("v:7:101:3", "viewed", day("2013-10-04"), 1, None),
        ("v:7:103:0", "viewed", day("2013-10-01"), 4, None),
        ("v:7:201:6", "viewed", day("2014-02-07"), 5, None),
        ("v:8:102:40", "viewed", day("2013-11-10"), 3, None),  # after withdrawing
    ]
    assert {row[5:] for row in rows(imported, events)} == {("oulad", "system")}


def test_a_site_completes_on_its_first_day_with_a_click_and_an_assessment_when_submitted(imported: Record) -> None:
    columns = (ModuleProgress.status, ModuleProgress.completed_at, ModuleProgress.score, ModuleProgress.is_passed)
    assert module_rows(imported, *columns) == [
        ("10", "13", "completed", day("2013-10-20"), None, None),  # no score is not assessed
        ("7", "101", "completed", day("2013-09-26"), None, None),
        ("7", "103", "completed", day("2013-10-01"), None, None),
        ("7", "12", "completed", day("2013-09-30"), 40.0, True),
        ("7", "13", "completed", day("2013-10-19"), 78.0, True),
        ("7", "201", "completed", day("2014-02-07"), None, None),
        ("8", "102", "completed", day("2013-11-10"), None, None),
        ("9", "13", "completed", day("2013-10-21"), 39.0, False),
    ]


def test_every_enrolled_learner_has_a_row_for_each_unit_and_the_course(imported: Record) -> None:
    columns = (UnitProgress.completion_percentage, UnitProgress.completed_modules_count, UnitProgress.total_modules)
    units = unit_rows(imported, *columns)
    assert len(units) == 5 * 3 + 2
    assert [row for row in units if row[0] in ("7", "11")] == [
        ("11", "AAA-2013J", "assessments", 0.0, 0, 3),
        ("11", "AAA-2013J", "forumng", 0.0, 0, 2),
        ("11", "AAA-2013J", "resource", 0.0, 0, 1),
        ("7", "AAA-2013J", "assessments", 200 / 3, 2, 3),
        ("7", "AAA-2013J", "forumng", 50.0, 1, 2),
        ("7", "AAA-2013J", "resource", 100.0, 1, 1),
        ("7", "BBB-2014B", "assessments", 0.0, 0, 1),
        ("7", "BBB-2014B", "quiz", 100.0, 1, 1),
    ]
    courses = course_rows(imported, CourseProgress.completion_percentage, CourseProgress.completed_modules_count)
    assert courses == [
        ("10", "AAA-2013J", 0.0, 1),
        ("11", "AAA-2013J", 0.0, 0),
        ("7", "AAA-2013J", 100 / 3, 4),
        ("7", "BBB-2014B", 50.0, 1),
        ("8", "AAA-2013J", 0.0, 1),
        ("9", "AAA-2013J", 0.0, 1),
    ]


def test_stored_rows_are_what_the_events_give(imported: Record) -> None:
    assert differences(imported).is_empty()
