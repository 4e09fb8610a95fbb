"""Who may record what for whom, and what is said where an event is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from data.record import Record
from progress.courses.structure import add_module, add_unit, publish_module
from progress.people.accounts import link_guardian
from tests.progress.school import START, School, count_of_events, event, open_school
from tests.recording import record_event


@pytest.fixture
def school(record: Record) -> School:
    return open_school(record)


NOT_YOURS = "There is no such learner among those for whom you may record progress."


@pytest.mark.parametrize("who", ["ben", "other_teacher", "parent", "nobody"])
def test_nobody_else_records_for_a_learner(record: Record, school: School, who: str) -> None:
    verdict = record_event(school.viewer(who), event(school, "reading", "completed"))
    assert (verdict.outcome, verdict.reason) == ("refused", NOT_YOURS)
    assert count_of_events(record) == 0


def test_a_learner_who_exists_and_one_who_does_not_are_refused_in_the_same_words(school: School) -> None:
    known = record_event(school.viewer("ben"), event(school, "reading", "viewed"))
    unknown = record_event(school.viewer("ben"), replace(event(school, "reading", "viewed"), learner_id=999_999))
    assert known.reason == unknown.reason == NOT_YOURS


def test_a_teacher_of_another_course_may_see_the_learner_but_not_record_here(record: Record, school: School) -> None:
    teacher = school.viewer("other_teacher")
    assert teacher.may_see(school.ben)
    verdict = record_event(teacher, event(school, "reading", "completed", learner="ben"))
    assert verdict.outcome == "refused"


def test_nobody_learns_by_recording_whether_a_module_exists_elsewhere(record: Record, school: School) -> None:
    with record.writing() as tx:
        hidden = add_module(tx, school.units[0], "A surprise", "reading")
        elsewhere = add_module(tx, add_unit(tx, school.other_course, "Rome"), "A road", "reading", published_at=START)
    told = {
        who: {record_event(school.viewer(who), replace(sent, module_id=module)).reason for module in modules}
        for who, sent, modules in [
            ("ada", event(school, "reading", "viewed"), (999_999, elsewhere, hidden)),
            ("teacher", event(school, "reading", "viewed", learner="ben"), (999_999, elsewhere)),
            ("parent", event(school, "reading", "viewed"), (999_999, elsewhere, school.modules["reading"])),
        ]
    }
    nothing_there = {"There is no such module among those in which you may record for this learner."}
    assert told == {"ada": nothing_there, "teacher": nothing_there, "parent": {NOT_YOURS}}


def test_a_parent_sees_the_child_and_records_nothing(record: Record, school: School) -> None:
    with record.writing() as tx:
        link_guardian(tx, school.parent, school.ben)
    parent = school.viewer("parent")
    assert parent.child_ids == (school.ada, school.ben)
    assert record_event(parent, event(school, "reading", "viewed", learner="ben")).outcome == "refused"


@pytest.mark.parametrize(
    ("kind", "values", "reason"),
    [
        ("scored", {"score": 90.0}, "Only a teacher or an administrator may record this."),
        ("submitted", {"score": 90.0}, "Only a teacher or an administrator may record this."),
        ("reset", {"reason": "I want to"}, "Only a teacher or an administrator may record this."),
    ],
)
def test_learners_do_not_grade_or_reset_themselves(
    school: School, kind: str, values: dict[str, object], reason: str
) -> None:
    assert record_event(school.viewer("ada"), event(school, "quiz", kind, **values)).reason == reason


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"kind": "danced"}, "“danced” is not a kind of event."),
        ({"score": 101.0}, "The score 101 is not between 0 and 100."),
        ({"score": float("nan")}, "The score nan is not between 0 and 100."),
        ({"position_seconds": -1.0}, "The position -1 is not a number of seconds from 0."),
        (
            {"watched_intervals": ((5.0, 2.0),)},
            "The watched stretch 5–2 does not run from an earlier to a later second.",
        ),
        ({"watched_intervals": ((0.0, float("inf")),)}, "The watched stretch 0–inf"),
        ({"kind": "reset"}, "Setting a module back to not started needs a reason."),
        ({"kind": "scored"}, "A scored event needs a score."),
        ({"event_id": " "}, "An event needs a source and an id."),
        ({"occurred_at": datetime(2025, 1, 6)}, "The time has no time zone."),
        ({"occurred_at": datetime(1980, 1, 6, tzinfo=UTC)}, "The date is too long ago to be right."),
        ({"module_id": 999_999}, "There is no such module."),
    ],
)
def test_a_wrong_event_is_refused_with_the_reason_and_nothing_is_stored(
    record: Record, school: School, values: dict[str, object], reason: str
) -> None:
    wrong = replace(event(school, "reading", "viewed"), **values)
    verdict = record_event(school.viewer("administrator"), wrong)
    assert verdict.outcome == "refused"
    assert verdict.reason is not None
    assert verdict.reason.startswith(reason)
    assert count_of_events(record) == 0


def test_an_upcoming_module_is_not_open_to_learners(record: Record, school: School) -> None:
    with record.writing() as tx:
        publish_module(tx, school.modules["quiz"], datetime.now(UTC) + timedelta(days=1))
    verdict = record_event(school.viewer("ada"), event(school, "quiz", "played"))
    assert verdict.reason == "This module is not open yet."
