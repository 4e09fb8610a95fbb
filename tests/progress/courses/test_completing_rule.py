"""A completion rule in words for those whom it completes: the one that can have done so, without hidden titles."""

from datetime import UTC, datetime, timedelta

import pytest

from data.record import Record
from progress.courses.completing_rule import rule_now, rule_that_completed
from progress.courses.completion_rules import CompletionRule, KeyAssignment, save_completion_rule
from progress.courses.structure import hide_module
from tests.progress.school import School, open_school

EARLIER = datetime.now(UTC) - timedelta(days=1)
HALF = CompletionRule(lecture_share=0.5)
IN_WORDS = "The course is complete when 50% of its lectures are complete."


@pytest.fixture
def school(record: Record) -> School:
    return open_school(record)


def save(school: School, rule: CompletionRule | None, *, reevaluate: bool = False) -> None:
    save_completion_rule(school.viewer("administrator"), school.course, rule, reevaluate)


def test_a_course_without_a_rule_was_completed_by_none(school: School) -> None:
    assert rule_now(school.course) is None
    assert rule_that_completed(school.course, EARLIER) is None


def test_the_rule_of_the_moment_completed_and_not_one_from_before_or_after(school: School) -> None:
    save(school, HALF)
    in_force = datetime.now(UTC)
    save(school, None)
    assert rule_that_completed(school.course, EARLIER) is None
    assert rule_that_completed(school.course, in_force) == IN_WORDS
    assert rule_that_completed(school.course, in_force + timedelta(hours=1)) is None
    assert rule_now(school.course) is None


def test_a_rule_that_judged_everything_again_completed_earlier_moments_too(school: School) -> None:
    save(school, HALF, reevaluate=True)
    assert rule_that_completed(school.course, EARLIER.replace(tzinfo=None)) == IN_WORDS


def test_the_title_of_a_hidden_module_is_told_to_nobody(school: School, record: Record) -> None:
    assignment = school.modules["assignment"]
    save(school, CompletionRule(key_assignments=(KeyAssignment(assignment, "submitted"),)))
    assert rule_now(school.course) == "The course is complete when “Draw a lever” is submitted."
    with record.writing() as tx:
        hide_module(tx, assignment, datetime.now(UTC))
    assert rule_now(school.course) == "The course is complete when “an assignment that is hidden now” is submitted."
