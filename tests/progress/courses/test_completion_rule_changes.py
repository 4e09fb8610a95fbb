"""Changing a completion rule: who may, what is refused by name, and what is no change at all."""

import pytest
from sqlalchemy import func, select

from data.models import CourseCompletionRule, CourseProgress, Enrolment, RecordInfo
from data.record import Record
from data.viewer import NotAllowed
from progress.courses import completion_rule_checks as checks
from progress.courses.completion_rules import (
    CompletionRule,
    KeyAssignment,
    RuleChanged,
    Saved,
    UnknownCourse,
    preview,
    save_completion_rule,
)
from progress.courses.structure import hide_module
from tests.progress.courses.test_completion_rules import happen, key, quiz_passed, save
from tests.progress.school import START, School, minute, open_school


@pytest.fixture
def school(sqlite_record: Record) -> School:
    return open_school(sqlite_record)


def test_the_same_rule_again_is_no_further_version(sqlite_record: Record, school: School) -> None:
    rule = CompletionRule(0.8, (key(school, "quiz", "passed"), key(school, "assignment", "submitted")))
    save(school, rule)
    assert save(school, rule) == Saved(version=1, is_new=False, gained_count=0)
    assert save(school, rule, reevaluate=True).version == 2
    assert save(school, rule, reevaluate=True) == Saved(version=2, is_new=False, gained_count=0)
    assert save(school, rule) == Saved(version=2, is_new=False, gained_count=0)


def test_removing_a_rule_that_never_was_changes_nothing(sqlite_record: Record, school: School) -> None:
    assert save(school, None, reevaluate=True) == Saved(version=0, is_new=False, gained_count=0)


def test_a_change_made_from_an_older_version_is_refused(sqlite_record: Record, school: School) -> None:
    save(school, quiz_passed(school), expected_version=0)
    with pytest.raises(RuleChanged, match="it stands at version 1, not 0"):
        save(school, CompletionRule(1.0), expected_version=0)
    assert versions(sqlite_record) == 1


@pytest.mark.parametrize("name", ["ada", "teacher", "parent", "nobody"])
def test_only_administrators_change_or_try_a_rule(sqlite_record: Record, school: School, name: str) -> None:
    with pytest.raises(NotAllowed):
        save_completion_rule(school.viewer(name), school.course, quiz_passed(school), False)
    with pytest.raises(NotAllowed):
        preview(school.viewer(name), school.course, quiz_passed(school))
    assert versions(sqlite_record) == 0


def test_a_course_that_does_not_exist_is_named(sqlite_record: Record, school: School) -> None:
    with pytest.raises(UnknownCourse, match="There is no course with the id 999"):
        save_completion_rule(school.viewer("administrator"), 999, None, False)


def test_a_rule_that_cannot_be_is_refused_by_name(sqlite_record: Record, school: School) -> None:
    with sqlite_record.writing() as tx:
        hide_module(tx, school.modules["reading"], START)
    quiz = key(school, "quiz", "passed")
    wrong = {
        checks.EmptyRule: CompletionRule(),
        checks.WrongLectureShare: CompletionRule(0.0),
        checks.WrongMinimumScore: CompletionRule(minimum_score=float("nan")),
        checks.NotOfThisCourse: CompletionRule(key_assignments=(KeyAssignment(999, "passed"),)),
        checks.NamedTwice: CompletionRule(key_assignments=(quiz, key(school, "quiz", "submitted"))),
        checks.NotOpenModules: CompletionRule(key_assignments=(key(school, "reading", "submitted"),)),
        checks.NeverHandedIn: CompletionRule(key_assignments=(key(school, "lecture", "submitted"),)),
        checks.UnknownNeed: CompletionRule(key_assignments=(key(school, "quiz", "read"),)),
    }
    for error, rule in wrong.items():
        with pytest.raises(error):
            save(school, rule)
        with pytest.raises(error):
            preview(school.viewer("administrator"), school.course, rule)
    assert versions(sqlite_record) == 0


def test_trying_a_rule_writes_nothing(sqlite_record: Record, school: School) -> None:
    happen(school, "quiz", "scored", minute(3), score=90)
    before = everything(sqlite_record)
    assert preview(school.viewer("administrator"), school.course, quiz_passed(school)).height == 1
    assert everything(sqlite_record) == before


def versions(record: Record) -> int:
    with record.reading() as connection:
        return connection.execute(select(func.count()).select_from(CourseCompletionRule)).scalar_one()


def everything(record: Record) -> list[object]:
    tables = (CourseCompletionRule, CourseProgress, Enrolment, RecordInfo)
    with record.reading() as connection:
        return [connection.execute(select(table.__table__)).all() for table in tables]
