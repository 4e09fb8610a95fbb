"""Callers who record at the same time share a transaction, and each gets what recording alone would have given."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from data.models import RecordInfo
from data.record import Record
from progress.recording.rebuild import differences
from progress.recording.record import record as record_events
from tests.progress.school import School, count_of_events, event, open_school

_callers = ThreadPoolExecutor(20, thread_name_prefix="caller")


@pytest.fixture
def school(record: Record) -> School:
    return open_school(record)


def change_number(record: Record) -> int:
    with record.reading() as connection:
        number: int = connection.scalar(select(RecordInfo.change_number))
        return number


def test_each_caller_gets_the_verdicts_on_their_own_events(record: Record, school: School) -> None:
    ada, teacher, nobody = (school.viewer(name) for name in ("ada", "teacher", "nobody"))
    watched = event(school, "lecture", "completed", 2)
    handed_in = [
        _callers.submit(record_events, ada, [event(school, "reading", "viewed", 1), watched]),
        _callers.submit(record_events, nobody, [event(school, "reading", "viewed", 3)]),
        _callers.submit(record_events, teacher, [event(school, "assignment", "submitted", 4)]),
    ]
    outcomes = [[verdict.outcome for verdict in verdicts.result()] for verdicts in handed_in]
    assert outcomes == [["created", "created"], ["refused"], ["created"]]
    assert [verdict.outcome for verdict in _callers.submit(record_events, teacher, [watched]).result()] == ["duplicate"]
    assert count_of_events(record) == 3
    assert differences(record).is_empty()


def test_who_waits_for_the_same_lock_shares_the_next_transaction(sqlite_record: Record) -> None:
    school = open_school(sqlite_record)
    teacher = school.viewer("teacher")
    before = change_number(sqlite_record)
    with sqlite_record.writing():  # the first caller's transaction waits for this one, the others gather
        waiting = [
            _callers.submit(record_events, teacher, [event(school, "lecture", "played", number)])
            for number in range(20)
        ]
    assert {verdicts.result()[0].outcome for verdicts in waiting} == {"created"}
    assert change_number(sqlite_record) <= before + 3  # ours, the first caller's, everyone else's
    assert count_of_events(sqlite_record) == 20


def test_one_that_fails_does_not_spoil_it_for_the_others(record: Record, school: School) -> None:
    teacher = school.viewer("teacher")
    stranger = replace(school.viewer("administrator"), user_id=987_654_321)  # cannot be named as the recorder
    with record.writing():
        good = _callers.submit(record_events, teacher, [event(school, "reading", "completed", 1)])
        bad = _callers.submit(record_events, stranger, [event(school, "lecture", "completed", 2)])
        late = _callers.submit(record_events, teacher, [event(school, "quiz", "scored", 3, score=80.0)])
    assert [verdicts.result()[0].outcome for verdicts in (good, late)] == ["created", "created"]
    with pytest.raises((IntegrityError, sqlite3.IntegrityError)):
        bad.result()
    assert count_of_events(record) == 2
