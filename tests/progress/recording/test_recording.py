"""What one recorded event does, who may record it, and what is said where it is refused."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from data.models import CourseProgress, Enrolment, ModuleProgress, ProgressEvent, UnitProgress
from data.record import Record
from progress.recording import record as recording
from progress.recording.rebuild import differences
from progress.recording.record import record as record_events
from tests.progress.school import School, count_of_events, event, minute, open_school
from tests.recording import record_event


@pytest.fixture
def school(record: Record) -> School:
    return open_school(record)


def module_progress(record: Record, school: School, module: str, learner: str = "ada") -> object:
    with record.reading() as connection:
        statement = select(ModuleProgress.__table__).where(
            ModuleProgress.user_id == getattr(school, learner), ModuleProgress.module_id == school.modules[module]
        )
        return connection.execute(statement).one_or_none()


def percentages(record: Record, school: School, learner: str = "ada") -> tuple[list[float], float]:
    with record.reading() as connection:
        theirs = getattr(school, learner)
        units = select(UnitProgress.completion_percentage).where(UnitProgress.user_id == theirs)
        course = select(CourseProgress.completion_percentage).where(
            CourseProgress.user_id == theirs, CourseProgress.course_id == school.course
        )
        ordered = units.where(UnitProgress.unit_id.in_(school.units)).order_by(UnitProgress.unit_id)
        return list(connection.execute(ordered).scalars()), connection.execute(course).scalar_one()


def test_a_completion_rolls_up_to_unit_and_course(record: Record, school: School) -> None:
    ada = school.viewer("ada")
    assert percentages(record, school) == ([0.0, 0.0], 0.0)
    record_event(ada, event(school, "reading", "viewed"))
    assert percentages(record, school) == ([50.0, 0.0], 0.0)
    record_event(ada, event(school, "lecture", "completed"))
    assert percentages(record, school) == ([100.0, 0.0], 50.0)


def test_the_same_event_twice_is_one_event(record: Record, school: School) -> None:
    seen = event(school, "reading", "viewed")
    verdicts = record_events(school.viewer("ada"), [seen, seen])
    again = record_event(school.viewer("ada"), seen)
    assert [v.outcome for v in [*verdicts, again]] == ["created", "duplicate", "duplicate"]
    assert count_of_events(record) == 1


def test_the_enrolment_follows_the_completed_course_and_a_reset_takes_it_back(record: Record, school: School) -> None:
    teacher = school.viewer("teacher")
    record_events(teacher, [event(school, name, "completed", at) for at, name in enumerate(school.modules)])

    def enrolment() -> tuple[str, datetime | None]:
        with record.reading() as connection:
            statement = select(Enrolment.status, Enrolment.completed_at).where(
                Enrolment.user_id == school.ada, Enrolment.course_id == school.course
            )
            return tuple(connection.execute(statement).one())

    assert enrolment() == ("completed", minute(3))
    record_event(teacher, event(school, "quiz", "reset", at=10, reason="Someone else's work"))
    assert enrolment() == ("active", None)


def test_seeking_to_the_end_is_not_watching(record: Record, school: School) -> None:
    ada = school.viewer("ada")
    record_event(ada, event(school, "lecture", "played", 1, position_seconds=100.0, watched_intervals=((0.0, 10.0),)))
    row = module_progress(record, school, "lecture")
    assert (row.status, row.watched_share, row.position_seconds) == ("in_progress", 0.1, 100.0)


def test_a_lecture_completes_when_the_union_of_watched_stretches_reaches_the_threshold(
    record: Record, school: School
) -> None:
    ada = school.viewer("ada")
    stretches = [(0.0, 50.0), (40.0, 60.0), (60.0, 89.0), (88.0, 90.0)]
    for at, stretch in enumerate(stretches):
        record_event(ada, event(school, "lecture", "played", at, watched_intervals=(stretch,)))
    row = module_progress(record, school, "lecture")
    assert (row.status, row.watched_share, row.completed_at) == ("completed", 0.9, minute(3))


def test_a_players_completed_completes_the_lecture_and_leaves_the_watched_share(record: Record, school: School) -> None:
    ada = school.viewer("ada")
    record_event(ada, event(school, "lecture", "played", 1, watched_intervals=((0.0, 81.0),)))
    record_event(ada, event(school, "lecture", "completed", 2))
    row = module_progress(record, school, "lecture")
    assert (row.status, row.watched_share) == ("completed", 0.81)


def test_an_earlier_completion_that_arrives_late_moves_the_date_back(record: Record, school: School) -> None:
    ada = school.viewer("ada")
    record_event(ada, event(school, "reading", "viewed", at=20))
    record_event(ada, event(school, "reading", "viewed", at=5))
    assert module_progress(record, school, "reading").completed_at == minute(5)


def test_completed_and_passed_are_two_facts(record: Record, school: School) -> None:
    teacher = school.viewer("teacher")
    record_event(teacher, event(school, "assignment", "submitted", 1))
    row = module_progress(record, school, "assignment")
    assert (row.status, row.score, row.is_passed) == ("completed", None, None)
    record_event(teacher, event(school, "assignment", "scored", 2, score=39.0))
    row = module_progress(record, school, "assignment")
    assert (row.status, row.score, row.is_passed) == ("completed", 39.0, False)


def test_a_lower_score_later_undoes_nothing(record: Record, school: School) -> None:
    teacher = school.viewer("teacher")
    for at, score in enumerate([55.0, 72.0, 12.0]):
        record_event(teacher, event(school, "quiz", "scored", at, score=score))
    row = module_progress(record, school, "quiz")
    assert (row.status, row.completed_at, row.score, row.attempts_count) == ("completed", minute(1), 72.0, 3)


def test_a_reset_takes_back_and_stays_on_the_record(record: Record, school: School) -> None:
    teacher = school.viewer("teacher")
    record_event(teacher, event(school, "reading", "completed", 1))
    record_event(teacher, event(school, "reading", "reset", 5, reason="Wrong learner"))
    row = module_progress(record, school, "reading")
    assert (row.status, row.completed_at, row.reset_at) == ("not_started", None, minute(5))
    assert count_of_events(record) == 2
    assert percentages(record, school) == ([0.0, 0.0], 0.0)


def test_a_date_before_a_reset_is_refused_with_the_way_out(record: Record, school: School) -> None:
    teacher = school.viewer("teacher")
    record_event(teacher, event(school, "reading", "reset", 5, reason="Wrong learner"))
    verdict = record_event(teacher, event(school, "reading", "completed", 4))
    assert verdict.reason == "The module was set back on 06 January 2025 at 09:05 UTC. Choose a later time."


def test_a_time_in_the_future_counts_as_the_time_of_arrival_and_is_kept_as_reported(
    record: Record, school: School
) -> None:
    ahead = event(school, "reading", "viewed", at=100)
    record_event(school.viewer("ada"), ahead, received_at=minute(10))
    with record.reading() as connection:
        stored = connection.execute(select(ProgressEvent.occurred_at, ProgressEvent.reported_at)).one()
    assert tuple(stored) == (minute(10), minute(100))
    assert module_progress(record, school, "reading").completed_at == minute(10)


def test_a_clock_five_minutes_fast_is_believed(record: Record, school: School) -> None:
    record_event(school.viewer("ada"), event(school, "reading", "viewed", at=15), received_at=minute(10))
    assert module_progress(record, school, "reading").completed_at == minute(15)


def test_a_learners_word_does_not_submit_an_assignment(record: Record, school: School) -> None:
    record_event(school.viewer("ada"), event(school, "assignment", "completed"))
    assert module_progress(record, school, "assignment").status == "in_progress"


def test_in_a_batch_good_events_are_kept_beside_refused_ones(record: Record, school: School) -> None:
    good = [event(school, "reading", "viewed"), event(school, "lecture", "completed")]
    bad = event(school, "reading", "viewed", learner="ben")
    verdicts = record_events(school.viewer("ada"), [good[0], bad, good[1]])
    assert [verdict.outcome for verdict in verdicts] == ["created", "refused", "created"]
    assert percentages(record, school) == ([100.0, 0.0], 50.0)


def test_times_of_any_zone_are_the_same_moment_however_long_the_list(record: Record, school: School) -> None:
    in_helsinki = minute(7).astimezone(timezone(timedelta(hours=2)))
    teacher = school.viewer("teacher")
    record_event(teacher, replace(event(school, "reading", "completed"), occurred_at=in_helsinki))
    played = [event(school, "lecture", "played", at, learner="ben") for at in range(40)]
    completed = replace(event(school, "reading", "completed", learner="ben"), occurred_at=in_helsinki)
    record_events(teacher, [*played, completed])
    dates = [module_progress(record, school, "reading", learner).completed_at for learner in ("ada", "ben")]
    assert dates == [minute(7), minute(7)]


@pytest.mark.parametrize("set_based_from", [1, 1_000])
def test_a_list_gives_the_same_in_columns_and_one_by_one(
    record: Record, school: School, monkeypatch: pytest.MonkeyPatch, set_based_from: int
) -> None:
    monkeypatch.setattr(recording, "COLUMNS_FROM", dict.fromkeys(recording.COLUMNS_FROM, set_based_from))
    minutes = range(60)
    stretches = [event(school, "lecture", "played", at, watched_intervals=((at, at + 1.0),)) for at in minutes]
    graded = [event(school, "quiz", "scored", at, score=float(at), learner="ben") for at in minutes]
    verdicts = record_events(school.viewer("teacher"), [*stretches, *graded, stretches[0]])
    assert [verdict.outcome for verdict in verdicts].count("created") == 120
    assert verdicts[-1].outcome == "duplicate"
    assert module_progress(record, school, "lecture").watched_share == 0.6
    quiz = module_progress(record, school, "quiz", "ben")
    assert (quiz.score, quiz.attempts_count, quiz.completed_at) == (59.0, 60, None)
    assert differences(record).rows() == []
