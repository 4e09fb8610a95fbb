"""A file of statements into the record: what becomes known, what counts, and that again changes nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from data.models import (
    Course,
    Enrolment,
    Module,
    ModuleProgress,
    ProgressEvent,
    Unit,
    User,
    UserRole,
    XapiActor,
    XapiStatement,
)
from data.record import Record
from progress.courses.structure import add_course, add_module, add_unit, enrol
from progress.people.accounts import add_user
from progress.recording.rebuild import differences
from progress.xapi.file.importing import import_xapi
from progress.xapi.record.provisioned_learners import pseudonym
from tests.progress.importers.stored import everything, module_rows, rows
from tests.progress.importers.video_statements import ADL, CLIP, COURSE, FILM, small_course, statement, write_lines

BEGIN = datetime(2025, 1, 6, 9, tzinfo=UTC)
ADA, BEN, CEM = (f"https://mooc.example|{name}" for name in ("ada", "ben", "cem"))


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "small.jsonl", small_course())


def statements_of(record: Record) -> list[tuple[Any, ...]]:
    return rows(record, select(XapiStatement.__table__).order_by(XapiStatement.id))


def test_watched_share_and_completion_are_what_the_stretches_give(record: Record, small_file: Path) -> None:
    report = import_xapi(record, small_file, provisions=True)
    assert (report.refused_count, report.tallies["statements"].created, report.tallies["events"].created) == (0, 7, 6)
    columns = (ModuleProgress.status, ModuleProgress.watched_share, ModuleProgress.position_seconds)
    assert module_rows(record, *columns) == [
        (ADA, FILM, "completed", 0.95, 95.0),
        (BEN, CLIP, "completed", 0.8, 5.0),
        (BEN, FILM, "in_progress", 0.0, 7.0),
    ]
    assert differences(record).is_empty()


def test_course_learners_and_videos_become_known_by_their_ids_alone(record: Record, small_file: Path) -> None:
    import_xapi(record, small_file, provisions=True)
    assert rows(record, select(Course.external_id, Course.title, Course.provisions_xapi)) == [(COURSE, COURSE, True)]
    people = select(User.external_id, User.full_name, User.username, User.email, UserRole.role).join(UserRole)
    assert sorted(rows(record, people)) == [(each, pseudonym(each), None, None, "student") for each in (ADA, BEN, CEM)]
    lectures = select(
        *(Unit.title, Module.external_id, Module.title, Module.kind, Module.completion_rule),
        *(Module.duration_seconds, Module.watched_threshold),
    ).join(Unit, Unit.id == Module.unit_id)
    assert rows(record, lectures.order_by(Module.position)) == [
        ("Videos", FILM, "Film", "lecture", "watched", 100.0, 0.9),
        ("Videos", CLIP, "Clip", "lecture", "watched", 10.0, 0.9),
    ]
    assert len(rows(record, select(Enrolment.user_id).where(Enrolment.status == "active"))) == 3


def test_again_changes_no_row_of_any_table(record: Record, small_file: Path) -> None:
    import_xapi(record, small_file, provisions=True)
    before = everything(record), statements_of(record)
    report = import_xapi(record, small_file, provisions=True)
    assert (report.changed_count, report.tallies["statements"].unchanged) == (0, 7)
    assert (everything(record), statements_of(record)) == before


def test_statements_are_kept_as_they_were_sent(sqlite_record: Record, small_file: Path) -> None:
    import_xapi(sqlite_record, small_file, provisions=True)
    kept = rows(
        sqlite_record,
        select(XapiActor.external_id, XapiStatement.activity, XapiStatement.outcome)
        .join(XapiStatement)
        .order_by(XapiStatement.id),
    )
    assert kept[3:6] == [(BEN, FILM, "recorded"), (CEM, FILM, "ignored"), (BEN, CLIP, "recorded")]


def test_without_opting_in_the_unknown_are_refused_by_name_and_line(sqlite_record: Record, small_file: Path) -> None:
    report = import_xapi(sqlite_record, small_file)
    assert [(refusal.number, refusal.counted_as) for refusal in report.refusals] == [
        (line, "line") for line in (1, 2, 3, 4, 6, 7)
    ]
    assert str(report.refusals[0]).endswith(f"No learner with the external id “{ADA}”.")
    assert report.tallies["statements"].created == 1  # what only is kept needs nobody
    assert rows(sqlite_record, select(User.id)) == []


def test_known_learner_and_lecture_are_used_and_stay_as_they_are(sqlite_record: Record, small_file: Path) -> None:
    with sqlite_record.writing() as tx:
        ada = add_user(tx, "Ada Lovelace", external_id=ADA, roles=["student"])
        course = add_course(tx, "Films", external_id=COURSE)
        add_module(tx, add_unit(tx, course, "Own"), "Ours", "lecture", duration_seconds=190, external_id=FILM)
        enrol(tx, [ada], course, BEGIN)
    report = import_xapi(sqlite_record, small_file)
    assert [refusal.number for refusal in report.refusals] == [4, 6, 7]
    assert rows(sqlite_record, select(ModuleProgress.watched_share)) == [(0.5,)]
    assert rows(sqlite_record, select(User.full_name)) == [("Ada Lovelace",)]


def test_most_told_length_counts_and_the_profiles_threshold(sqlite_record: Record, tmp_path: Path) -> None:
    told = [
        statement(1, "initialized", length=99.5, completion_threshold=0.5),
        statement(2, "initialized", length=100),
        statement(3, "paused", length=100, played_segments="0[.]50"),
    ]
    import_xapi(sqlite_record, write_lines(tmp_path / "told.jsonl", told), provisions=True)
    assert rows(sqlite_record, select(Module.duration_seconds, Module.watched_threshold)) == [(100.0, 0.5)]
    assert rows(sqlite_record, select(ModuleProgress.status)) == [("completed",)]


def test_video_of_unknown_length_waits_for_it(sqlite_record: Record, tmp_path: Path) -> None:
    nothing = everything(sqlite_record)
    played = write_lines(tmp_path / "played.jsonl", [statement(1, "played", time=3)])
    report = import_xapi(sqlite_record, played, provisions=True)
    assert FILM in report.refusals[0].reason
    assert everything(sqlite_record) == nothing
    begun = write_lines(
        tmp_path / "begun.jsonl", [statement(2, "initialized", length=60), statement(1, "played", time=3)]
    )
    assert import_xapi(sqlite_record, begun, provisions=True).refused_count == 0
    assert rows(sqlite_record, select(ModuleProgress.position_seconds)) == [(3.0,)]


def test_later_video_takes_no_earlier_completion_away(sqlite_record: Record, tmp_path: Path) -> None:
    first = [statement(1, "completed", length=100), statement(2, "completed", "ben", length=100)]
    import_xapi(sqlite_record, write_lines(tmp_path / "first.jsonl", first), provisions=True)
    completed = rows(sqlite_record, select(Enrolment.status, Enrolment.completed_at))
    assert [status for status, _ in completed] == ["completed", "completed"]
    second = [statement(3, "played", video=CLIP, length=10)]
    import_xapi(sqlite_record, write_lines(tmp_path / "second.jsonl", second))
    assert rows(sqlite_record, select(Enrolment.status, Enrolment.completed_at)) == completed
    assert differences(sqlite_record).is_empty()


def test_time_in_the_future_counts_as_the_time_of_the_import(sqlite_record: Record, tmp_path: Path) -> None:
    ahead = [{**statement(1, "completed", length=100), "timestamp": "2999-01-01T00:00:00Z"}]
    import_xapi(sqlite_record, write_lines(tmp_path / "ahead.jsonl", ahead), provisions=True)
    ((occurred, reported, received),) = rows(
        sqlite_record, select(ProgressEvent.occurred_at, ProgressEvent.reported_at, ProgressEvent.received_at)
    )
    assert (occurred, reported.year) == (received, 2999)


def test_a_reversed_segment_costs_neither_the_completion_nor_what_else_was_watched(
    record: Record, tmp_path: Path
) -> None:
    dirty = statement(1, "completed", length=120, played_segments="0[.]60.2[,]60.2[.]59.8[,]59.8[.]90", time="7")
    report = import_xapi(record, write_lines(tmp_path / "x12.jsonl", [dirty]), provisions=True)
    assert (report.refused_count, report.tallies["events"].created) == (0, 1)
    assert module_rows(record, ModuleProgress.status, ModuleProgress.watched_share) == [(ADA, FILM, "completed", 0.75)]
    assert "“60.2[.]59.8”" in report.notes[0]


def test_what_is_refused_leaves_nothing_also_where_others_make_known(record: Record, tmp_path: Path) -> None:
    """Ben's clip has no length, Cem's statement has Ada's id, Dora teaches."""
    with record.writing() as tx:
        add_user(tx, "Dora Lee", external_id="https://mooc.example|dora", roles=["teacher"])
    good = statement(1, "completed", length=100)
    refused = [
        statement(2, "played", "ben", CLIP, time=1),
        {**statement(1, "completed", "cem", CLIP, length=10)},
        statement(3, "played", "dora", "uuid://other", length=50),
    ]
    path = write_lines(tmp_path / "mixed.jsonl", [good, *refused])
    report = import_xapi(record, path, provisions=True)
    assert [(refusal.number, refusal.reason) for refusal in report.refusals] == [
        (2, f"No module with the external id “{CLIP}” in the course that the statement names."),
        (3, f"Another statement with the id {good['id']} is stored already."),
        (4, "The learner “https://mooc.example|dora” is not enrolled in the course of the statement."),
    ]
    assert rows(record, select(User.external_id).order_by(User.id)) == [("https://mooc.example|dora",), (ADA,)]
    assert rows(record, select(Module.external_id)) == [(FILM,)]
    assert rows(record, select(XapiActor.external_id)) == [(ADA,)]
    assert len(rows(record, select(Enrolment.user_id))) == 1
    assert differences(record).is_empty()


def test_scores_of_attempts_answers_and_evaluations_count_where_the_activity_is_known(
    record: Record, tmp_path: Path
) -> None:
    with record.writing() as tx:
        ada = add_user(tx, "Ada Lovelace", external_id=ADA, roles=["student"])
        course = add_course(tx, "H5P", external_id=COURSE)
        unit = add_unit(tx, course, "Own")
        for number in range(3):
            quiz = f"uuid://quiz{number}"
            add_module(tx, unit, quiz, "quiz", pass_mark=60, external_id=quiz, published_at=BEGIN)
        enrol(tx, [ada], course, BEGIN)
    verbs = [f"{ADL}/attempted", f"{ADL}/answered", "http://www.tincanapi.co.uk/verbs/evaluated"]
    told = [
        statement(number, "played", video=f"uuid://quiz{number}")
        | {"verb": {"id": verb}, "result": {"score": {"scaled": 0.7}}}
        for number, verb in enumerate(verbs)
    ]
    within = {**told[1], "id": str(uuid4()), "object": {"id": "uuid://quiz1?subContentId=2"}}
    report = import_xapi(record, write_lines(tmp_path / "h5p.jsonl", [*told, within]))
    assert (report.refused_count, report.tallies["events"].created, report.tallies["statements"].created) == (0, 3, 4)
    assert module_rows(record, ModuleProgress.status, ModuleProgress.score) == [
        (ADA, f"uuid://quiz{number}", "completed", 70.0) for number in range(3)
    ]
    assert differences(record).is_empty()
