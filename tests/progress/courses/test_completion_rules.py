"""A course with a completion rule: who completes it when, and what a change of the rule does to whom."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from data.models import CourseProgress, Enrolment
from data.record import Record
from progress.courses.completion_rules import (
    CompletionRule,
    KeyAssignment,
    Saved,
    completion_rule,
    preview,
    save_completion_rule,
)
from progress.courses.structure import add_module, drop, hide_module, require_module
from progress.recording.events import NewEvent
from progress.recording.rebuild import differences
from progress.recording.record import record as record_events
from tests.progress.school import School, event, minute, open_school
from tests.recording import record_event


@pytest.fixture
def school(record: Record) -> School:
    return open_school(record)


def save(school: School, rule: CompletionRule | None, reevaluate: bool = False, **expected: int) -> Saved:
    return save_completion_rule(school.viewer("administrator"), school.course, rule, reevaluate, **expected)


def happen(
    school: School, module: str, kind: str, at: datetime | None = None, learner: str = "ada", **score: float
) -> None:
    told = event(school, module, kind, learner=learner, **score)
    told = NewEvent(**{**vars(told), "occurred_at": at or datetime.now(UTC)})
    assert record_event(school.viewer("teacher"), told).outcome == "created"


def completed_at(record: Record, school: School, learner: str = "ada") -> datetime | None:
    """What the course's row says; the enrolment must say the same."""
    with record.reading() as connection:
        learner_id, course = getattr(school, learner), school.course
        row = select(CourseProgress.completed_at).filter_by(user_id=learner_id, course_id=course)
        enrolment = select(Enrolment.completed_at).filter_by(user_id=learner_id, course_id=course)
        found: datetime | None = connection.execute(row).scalar_one()
        assert connection.execute(enrolment).scalar_one() == found
    return found


def key(school: School, module: str, needs: str) -> KeyAssignment:
    return KeyAssignment(school.modules[module], needs)


def quiz_passed(school: School) -> CompletionRule:
    return CompletionRule(key_assignments=(key(school, "quiz", "passed"),))


def test_a_score_that_completes_the_course_leaves_the_other_modules_open(record: Record, school: School) -> None:
    save(school, quiz_passed(school))
    happen(school, "quiz", "scored", score=59)
    assert completed_at(record, school) is None
    moment = datetime.now(UTC)
    happen(school, "quiz", "scored", moment, score=60)
    assert completed_at(record, school) == moment
    assert differences(record).rows() == []


def test_a_score_completes_the_course_though_its_module_was_complete_before(record: Record, school: School) -> None:
    save(school, CompletionRule(0.5, (key(school, "assignment", "passed"),), minimum_score=70))
    happen(school, "lecture", "completed")
    happen(school, "assignment", "submitted")
    happen(school, "assignment", "scored", score=69)
    assert completed_at(record, school) is None
    moment = datetime.now(UTC)
    happen(school, "assignment", "scored", moment, score=70)
    assert completed_at(record, school) == moment


def test_recorded_in_bulk_it_is_the_same(record: Record, school: School) -> None:
    save(school, quiz_passed(school))
    moment = datetime.now(UTC)
    told = [event(school, "quiz", "scored", score=60) for _ in range(40)]
    record_events(school.viewer("teacher"), [NewEvent(**{**vars(each), "occurred_at": moment}) for each in told])
    assert completed_at(record, school) == moment
    assert differences(record).rows() == []


def test_minimum_score_alone_is_asked_of_every_assignment_quiz_and_exam(record: Record, school: School) -> None:
    save(school, CompletionRule(minimum_score=50))
    happen(school, "assignment", "scored", score=50)
    assert completed_at(record, school) is None
    happen(school, "quiz", "scored", score=50)
    assert completed_at(record, school) is not None


def test_staff_may_say_that_a_key_assignment_is_done_but_give_no_score_by_it(record: Record, school: School) -> None:
    save(school, quiz_passed(school))
    happen(school, "quiz", "completed")
    assert completed_at(record, school) is not None
    save(school, CompletionRule(key_assignments=(key(school, "quiz", "passed"),), minimum_score=80))
    happen(school, "quiz", "completed", learner="ben")
    assert completed_at(record, school, "ben") is None


def test_who_had_met_a_new_rule_before_is_completed_by_re_evaluation_alone(record: Record, school: School) -> None:
    happen(school, "quiz", "scored", minute(3), score=90)
    assert save(school, quiz_passed(school)) == Saved(version=1, is_new=True, gained_count=0)
    assert completed_at(record, school) is None
    [gain] = preview(school.viewer("administrator"), school.course, quiz_passed(school)).rows()
    assert gain == (school.ada, "Ada", minute(3).replace(tzinfo=None))
    assert completed_at(record, school) is None
    assert save(school, quiz_passed(school), reevaluate=True) == Saved(version=2, is_new=True, gained_count=1)
    assert completed_at(record, school) == minute(3)
    assert preview(school.viewer("administrator"), school.course, quiz_passed(school)).is_empty()
    assert differences(record).rows() == []


def test_of_two_versions_that_complete_a_learner_the_earlier_moment_counts(record: Record, school: School) -> None:
    for module in ("reading", "lecture", "assignment", "quiz"):
        happen(school, module, "completed", minute(9))
    happen(school, "quiz", "scored", minute(3), score=90)
    assert completed_at(record, school) == minute(9)
    save(school, quiz_passed(school), reevaluate=True)
    assert completed_at(record, school) == minute(3)


def test_a_stricter_rule_takes_no_completion_back(record: Record, school: School) -> None:
    save(school, quiz_passed(school))
    happen(school, "quiz", "scored", datetime.now(UTC), score=90)
    before = completed_at(record, school)
    save(school, CompletionRule(1.0, minimum_score=95), reevaluate=True)
    save(school, None, reevaluate=True)
    assert completed_at(record, school) == before is not None
    assert differences(record).rows() == []


def test_nor_one_whose_clock_was_ahead(record: Record, school: School) -> None:
    save(school, quiz_passed(school))
    ahead = datetime.fromtimestamp(datetime.now(UTC).timestamp() + 200, UTC)
    happen(school, "quiz", "scored", ahead, score=90)
    save(school, CompletionRule(1.0))
    assert completed_at(record, school) == ahead


def test_a_reset_by_a_person_takes_it_back(record: Record, school: School) -> None:
    save(school, quiz_passed(school))
    happen(school, "quiz", "scored", score=90)
    assert completed_at(record, school) is not None
    happen(school, "quiz", "reset", reason="Copied from a friend")
    assert completed_at(record, school) is None
    assert differences(record).rows() == []


def test_without_the_rule_all_units_count_again_from_now_on(record: Record, school: School) -> None:
    save(school, quiz_passed(school))
    for module in school.modules:
        happen(school, module, "completed", minute(3), learner="ben")
    assert save(school, None).version == 2
    for module in school.modules:
        happen(school, module, "completed")
    assert completed_at(record, school) is not None
    assert completed_at(record, school, "ben") == minute(3)  # “all units” was in force at that time
    with record.reading() as connection:
        newest = completion_rule(connection, school.course)
        assert newest is not None
        assert newest.rule is None


def test_an_optional_key_assignment_counts_and_a_hidden_one_does_not(record: Record, school: School) -> None:
    with record.writing() as tx:
        require_module(tx, school.modules["assignment"], False, minute(1))
        exam = add_module(tx, school.units[1], "Exam", "exam", pass_mark=50, published_at=minute(1))
    keys = (key(school, "assignment", "submitted"), KeyAssignment(exam, "passed"))
    save(school, CompletionRule(key_assignments=keys))
    with record.writing() as tx:
        hide_module(tx, exam, datetime.now(UTC))
    happen(school, "lecture", "completed")
    assert completed_at(record, school) is None
    happen(school, "assignment", "submitted")
    assert completed_at(record, school) is not None
    assert differences(record).rows() == []


def test_who_dropped_out_gains_nothing(record: Record, school: School) -> None:
    happen(school, "quiz", "scored", minute(3), score=90)
    with record.writing() as tx:
        drop(tx, school.ada, school.course, minute(9))
    assert preview(school.viewer("administrator"), school.course, quiz_passed(school)).is_empty()
    assert save(school, quiz_passed(school), reevaluate=True).gained_count == 0


def test_a_wrong_completion_is_found_and_set_right(record: Record, school: School) -> None:
    save(school, quiz_passed(school))
    happen(school, "quiz", "scored", score=90)
    with record.writing() as tx:
        tx.execute(update(CourseProgress).where(CourseProgress.user_id == school.ada).values(completed_at=None))
    assert [row[3] for row in differences(record).rows()] == ["completed_at"]
