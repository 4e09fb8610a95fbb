"""A mirror of a PostgreSQL record loses nothing, though transactions do not commit in the order of their numbers."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from data.mirror import Mirror, Refreshed
from data.models import ModuleProgress, ProgressEvent
from data.record import Record
from data.viewer import Viewer
from progress.courses.enrolment import enrol
from progress.courses.structure import add_course, add_module, add_unit
from progress.people.accounts import add_school, add_user
from progress.recording.events import NewEvent
from tests.data.comparison import asked, assert_equal
from tests.data.school import add_school as add_small_school
from tests.data.school import event as event_row
from tests.data.school import progress, write
from tests.recording import record_event

WRITERS = 8
EVENTS_OF_A_WRITER = 50
LEARNERS = 6
START = datetime(2025, 1, 6, tzinfo=UTC)
ADMINISTRATOR = Viewer(1, "Administrator", frozenset({"administrator"}), frozenset())


@pytest.fixture
def mirror(postgresql_record: Record, tmp_path: Path) -> Iterator[Mirror]:
    opened = Mirror(postgresql_record, tmp_path / "mirror.duckdb")
    yield opened
    opened.close()


def test_a_transaction_that_commits_after_a_later_one_is_not_lost(postgresql_record: Record, mirror: Mirror) -> None:
    add_small_school(postgresql_record)
    mirror.refresh()
    with postgresql_record.writing() as slow:
        write(slow, ProgressEvent, event_row(1, 1, 1))
        with postgresql_record.writing() as quick:
            write(quick, ProgressEvent, event_row(2, 2, 2))
        assert mirror.refresh() == Refreshed(1, is_rebuilt=False)
        assert mirror.refresh() == Refreshed(0, is_rebuilt=False)
    assert mirror.refresh() == Refreshed(1, is_rebuilt=False)
    assert asked(mirror, "select id from record.progress_events") == [(1,), (2,)]
    assert_equal(mirror, postgresql_record)


def test_a_row_that_an_older_transaction_writes_last_ends_as_that_one_left_it(
    postgresql_record: Record, mirror: Mirror
) -> None:
    add_small_school(postgresql_record)
    with postgresql_record.writing() as older:
        with postgresql_record.writing() as newer:
            write(newer, ModuleProgress, progress(1, 1, 20.0))
        mirror.refresh()
        write(older, ModuleProgress, progress(1, 1, 30.0))
    mirror.refresh()
    assert asked(mirror, "select completion_percentage from record.module_progress") == [(30.0,)]


def test_a_mirror_built_during_a_transaction_receives_it_later(postgresql_record: Record, mirror: Mirror) -> None:
    add_small_school(postgresql_record)
    with postgresql_record.writing() as slow:
        write(slow, ProgressEvent, event_row(1, 1, 1))
        assert mirror.refresh().is_rebuilt
    assert mirror.refresh() == Refreshed(1, is_rebuilt=False)
    assert_equal(mirror, postgresql_record)


def test_under_eight_writers_a_mirror_ends_equal_to_the_record(postgresql_record: Record, mirror: Mirror) -> None:
    learners, modules = add_taught_school(postgresql_record)
    mirror.refresh()
    with held_commits(postgresql_record) as order, ThreadPoolExecutor(WRITERS) as threads:
        writers = [threads.submit(write_events, number, learners, modules) for number in range(WRITERS)]
        refreshes = refresh_until_done(mirror, writers)
    created = sum(writer.result() for writer in writers)
    mirror.refresh()
    assert order != sorted(order)
    assert refreshes > 10
    assert created == WRITERS * EVENTS_OF_A_WRITER
    assert asked(mirror, "select count(*) from record.progress_events") == [(created,)]
    assert_equal(mirror, postgresql_record)


def add_taught_school(record: Record) -> tuple[list[int], list[int]]:
    """Learners of two time zones, all in a course of two units; returns the ids of the learners and modules."""
    with record.writing() as tx:
        add_user(tx, "Administrator")
        schools = [add_school(tx, zone, time_zone=zone) for zone in ("Pacific/Auckland", "America/New_York")]
        learners = [add_user(tx, f"Learner {n}", school_id=schools[n % 2], roles=["student"]) for n in range(LEARNERS)]
        course = add_course(tx, "Course")
        units = [add_unit(tx, course, title) for title in ("One", "Two")]
        modules = [add_module(tx, units[n % 2], f"Module {n}", "reading", published_at=START) for n in range(8)]
        enrol(tx, learners, course, START)
    return learners, modules


@contextmanager
def held_commits(record: Record) -> Iterator[list[int]]:
    """Each transaction waits a while before its commit; the list gets their numbers in the order of the commits."""
    order: list[int] = []

    def hold(connection: Connection) -> None:
        number = connection.exec_driver_sql("select pg_current_xact_id_if_assigned()::text::bigint").scalar()
        time.sleep(random.uniform(0, 0.02))
        order.extend([number] if number else [])

    event.listen(record.engine, "commit", hold)
    yield order
    event.remove(record.engine, "commit", hold)


def write_events(writer: int, learners: list[int], modules: list[int]) -> int:
    """Record the writer's events, each twice as a shaky line would; returns how many were new."""
    chance = random.Random(writer)
    created = 0
    for number in range(EVENTS_OF_A_WRITER):
        happened = NewEvent(
            source=f"writer {writer}",
            event_id=str(number),
            learner_id=chance.choice(learners),
            module_id=chance.choice(modules),
            kind=chance.choice(["played", "viewed", "completed"]),
            occurred_at=START + timedelta(hours=chance.randrange(1000)),
            interactions_count=chance.randrange(1, 9),
            is_a_systems_word=True,
        )
        verdicts = [record_event(ADMINISTRATOR, happened) for _ in range(2)]
        created += [verdict.outcome for verdict in verdicts].count("created")
    return created


def refresh_until_done(mirror: Mirror, writers: list[Future[int]]) -> int:
    """Refresh all the time; whenever one looks, activity counts just the events that are there."""
    refreshes = 0
    while not all(writer.done() for writer in writers):
        mirror.refresh()
        refreshes += 1
        counts = "select (select count(*) from record.progress_events), (select sum(events_count) from record.{})"
        for table in ("activity_days", "activity_weeks"):
            ((events, counted),) = asked(mirror, counts.format(table))
            assert events == (counted or 0)
    return refreshes
