"""What changed for a learner: nothing missed and nothing twice, whatever was written and in whatever order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from data.models import Course, RecordInfo
from data.record import Record, Transaction
from progress.courses.enrolment import drop, enrol
from progress.courses.structure import add_module, add_unit, hide_module, publish_module, require_module, retire_module
from queries.asking import ask
from queries.sync.changes import UnknownLearner, changes
from queries.sync.cursor import Cursor, Stand, WrongCursor, as_text, from_text
from tests.device import Device, asking, fresh
from tests.progress.school import School, event, open_school
from tests.recording import record_event

NOW = datetime.now(UTC)


@pytest.fixture
def record(sqlite_record: Record) -> Record:
    """On PostgreSQL only the order of commits differs, which the last tests are about."""
    return sqlite_record


@pytest.fixture
def school(record: Record) -> School:
    return open_school(record)


@pytest.fixture
def device(school: School) -> Device:
    """Ada's, up to date."""
    device = Device(asking(school.viewer("ada"), school.ada))
    device.pull()
    device.pages.clear()
    return device


def pulled(device: Device) -> set[tuple[str, int]]:
    """What came with one more pull, which must lead to the present state."""
    device.pages.clear()
    device.pull()
    assert device.held == fresh(device)
    assert not any(page["is_complete"] for page in device.pages)
    return {
        (kind, row[f"{kind}_id"])
        for page in device.pages
        for kind in ("course", "unit", "module")
        for row in page[f"{kind}s"]
    }


def test_first_pull_brings_everything_of_the_learner(school: School, device: Device) -> None:
    kinds = [kind for kind, _ in device.held]
    assert (kinds.count("course"), kinds.count("unit"), kinds.count("module")) == (1, 2, 4)
    assert device.held["module", school.modules["quiz"]]["status"] == "not_started"
    assert pulled(device) == set()


def test_an_event_brings_the_rows_that_it_changed_and_no_others(school: School, device: Device) -> None:
    played = event(school, "lecture", "played", position_seconds=40.0, watched_intervals=((0, 40),))
    record_event(school.viewer("ada"), played)
    lecture = school.modules["lecture"]
    above = {("unit", school.units[0]), ("course", school.course)}  # whose last activity it is
    assert pulled(device) == {("module", lecture), *above}
    assert device.held["module", lecture]["watched_intervals"] == [[0.0, 40.0]]
    assert device.held["module", lecture]["position_seconds"] == 40.0
    record_event(school.viewer("ada"), event(school, "reading", "viewed", at=2))
    assert pulled(device) == {("module", school.modules["reading"]), *above}


def test_what_happens_to_other_learners_is_not_told(school: School, device: Device) -> None:
    record_event(school.viewer("ben"), event(school, "reading", "viewed", learner="ben"))
    assert pulled(device) == set()


def test_a_new_enrolment_brings_the_course_though_it_is_older_than_the_cursor(
    record: Record, school: School, device: Device
) -> None:
    with record.writing() as tx:
        unit = add_unit(tx, school.other_course, "Rome")
        module = add_module(tx, unit, "Caesar", "reading", published_at=NOW - timedelta(days=1))
    assert pulled(device) == set()
    with record.writing() as tx:
        enrol(tx, [school.ada], school.other_course, NOW)
    assert pulled(device) == {("course", school.other_course), ("unit", unit), ("module", module)}
    with record.writing() as tx:
        drop(tx, school.ada, school.other_course, NOW)
    pulled(device)
    assert device.held["course", school.other_course]["enrolment_status"] == "dropped"


def test_content_that_comes_changes_and_goes_is_followed(record: Record, school: School, device: Device) -> None:
    with record.writing() as tx:
        added = add_module(tx, school.units[0], "More", "reading", published_at=NOW - timedelta(hours=1))
    pulled(device)
    assert device.held["module", added]["availability"] == "open"
    assert device.held["course", school.course]["total_modules"] == 5
    with record.writing() as tx:
        require_module(tx, added, False, NOW)
    pulled(device)
    assert device.held["module", added]["counts"] is False
    with record.writing() as tx:
        retire_module(tx, added, NOW)
        tx.execute(update(Course).where(Course.id == school.course).values(title="Physics", changed_in=tx.number))
    pulled(device)
    assert device.held["module", added]["availability"] == "retired"
    assert device.held["course", school.course]["course_title"] == "Physics"


def test_a_hidden_module_is_removed_and_comes_back_with_its_history(
    record: Record, school: School, device: Device
) -> None:
    reading = school.modules["reading"]
    record_event(school.viewer("ada"), event(school, "reading", "viewed"))
    pulled(device)
    before = device.held["module", reading]
    with record.writing() as tx:
        hide_module(tx, reading, NOW)
    assert ("module", reading) not in pulled(device)
    assert device.pages[-1]["removed_modules"] == [reading]
    assert ("module", reading) not in device.held
    assert "What a cell is" not in str(device.pages[-1])
    with record.writing() as tx:
        publish_module(tx, reading, NOW)
    pulled(device)
    assert device.held["module", reading]["completed_at"] == before["completed_at"]


def test_a_module_that_opens_by_time_alone_is_told_of(record: Record, school: School, device: Device) -> None:
    at, clip = datetime.now(UTC) + timedelta(seconds=1.5), "/clips/soon.mp4"
    with record.writing() as tx:
        module = add_module(tx, school.units[0], "Soon", "lecture", is_required=False, media_url=clip, published_at=at)
    pulled(device)
    assert [device.held["module", module][name] for name in ("availability", "media_url")] == ["upcoming", None]
    while device.held["module", module]["availability"] == "upcoming":
        ask.forget_answers()  # within a minute an answer is remembered
        device.pull()
    assert (datetime.now(UTC) >= at, device.held["module", module]["media_url"]) == (True, clip)
    assert device.held == fresh(device)


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_hold_at_most_the_limit_and_together_everything(school: School, device: Device, limit: int) -> None:
    small = Device(asking(school.viewer("ada"), school.ada, limit))
    small.pull()
    sizes = [sum(len(page[kind]) for kind in ("courses", "units", "modules")) for page in small.pages]
    assert sizes == [limit] * (7 // limit) + ([7 % limit] if 7 % limit else [])
    assert [page["is_complete"] for page in small.pages] == [True] + [False] * (len(sizes) - 1)
    assert small.held == device.held


def test_what_changes_between_two_pages_comes_after_them(record: Record, school: School) -> None:
    small = Device(asking(school.viewer("ada"), school.ada, limit=2))
    small.pull_page()
    record_event(school.viewer("ada"), event(school, "reading", "viewed"))
    small.pull_page()
    with record.writing() as tx:
        hide_module(tx, school.modules["quiz"], NOW)
        add_module(tx, school.units[1], "Late", "reading", published_at=NOW - timedelta(hours=1))
    small.pull()
    assert small.held == fresh(small)
    assert not any(page["is_complete"] for page in small.pages[1:])


def test_a_module_hidden_after_its_page_of_a_first_pull_is_removed(record: Record, school: School) -> None:
    small = Device(asking(school.viewer("ada"), school.ada, limit=4))
    small.pull_page()
    reading = school.modules["reading"]
    assert ("module", reading) in small.held
    with record.writing() as tx:
        hide_module(tx, reading, NOW)
    small.pull()
    assert ("module", reading) not in small.held
    assert small.held == fresh(small)


@pytest.mark.parametrize("limit", [2, 500])
def test_after_a_new_epoch_everything_comes_anew(record: Record, school: School, limit: int) -> None:
    device = Device(asking(school.viewer("ada"), school.ada, limit))
    device.pull_page()
    with record.writing() as tx:
        tx.execute(update(RecordInfo).values(mirror_epoch=RecordInfo.mirror_epoch + 1))
    assert device.pull_page()["is_complete"]
    device.pull()
    assert device.held == fresh(device)


def test_cursor_of_another_record_or_of_a_later_state_brings_everything_anew(school: School, device: Device) -> None:
    cursor = from_text(device.cursor or "", school.ada)
    assert cursor.known is not None
    position = cursor.known.position
    ahead = "999999999" if ":" not in position.mark else "999999999:999999999:"
    for other in (
        replace(position, record_uuid="another"),
        replace(position, mark=ahead),
    ):
        device.cursor = as_text(Cursor(school.ada, Stand(other, cursor.known.at)))
        assert device.pull_page()["is_complete"]
        assert device.held == fresh(device)


def test_cursor_of_another_learner_is_refused(school: School, device: Device) -> None:
    with pytest.raises(WrongCursor):
        changes(school.viewer("administrator"), school.ben, since=device.cursor, limit=1)


def test_who_may_not_see_the_learner_is_told_of_none(school: School, device: Device) -> None:
    for name in ("ben", "nobody", "other_teacher"):
        for since in (None, device.cursor):
            with pytest.raises(UnknownLearner):
                changes(school.viewer(name), school.ada, since=since, limit=1)


def test_nothing_is_missed_when_transactions_commit_out_of_order(postgresql_record: Record) -> None:
    school = open_school(postgresql_record)
    device = Device(asking(school.viewer("ada"), school.ada))
    device.pull()
    with _retitling(postgresql_record, school.course, "Slow"):
        record_event(school.viewer("ada"), event(school, "reading", "viewed"))
        assert ("module", school.modules["reading"]) in pulled(device)
        assert pulled(device) == set()  # and what was seen is not repeated while the slow one runs
    assert pulled(device) == {("course", school.course)}
    assert device.held["course", school.course]["course_title"] == "Slow"


def test_pages_lose_nothing_that_commits_between_them(postgresql_record: Record) -> None:
    school = open_school(postgresql_record)
    device = Device(asking(school.viewer("ada"), school.ada, limit=1))
    with _retitling(postgresql_record, school.course, "Slow"):
        assert device.pull_page()["courses"][0]["course_title"] == "Science"
        record_event(school.viewer("ada"), event(school, "reading", "viewed"))
        device.pull_page()
    device.pull()
    assert device.held["course", school.course]["course_title"] == "Slow"
    assert device.held == fresh(device)


@contextmanager
def _retitling(record: Record, course_id: int, title: str) -> Iterator[Transaction]:
    """A transaction that takes its number and writes now, and commits at the end of the block."""
    with record.writing() as tx:
        tx.execute(update(Course).where(Course.id == course_id).values(title=title, changed_in=tx.number))
        yield tx
