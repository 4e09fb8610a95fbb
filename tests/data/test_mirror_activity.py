"""Activity by day and week: in the school's time zone, every event once, and counted afresh when events move."""

from datetime import date, datetime
from typing import Any

import pytest

from data.mirror import Mirror
from data.models import Module, ProgressEvent, School, User
from data.record import Record
from tests.data.comparison import asked, assert_equal
from tests.data.school import START, event, module, write

SUNDAY_NOON = datetime(2025, 3, 30, 12)
DAYS = "select user_id, course_id, activity_date, events_count, interactions_count from record.activity_days"
WEEKS = "select user_id, course_id, week_starts_on, events_count from record.activity_weeks"


@pytest.mark.parametrize(
    ("user_id", "at", "day", "monday"),
    [
        (1, SUNDAY_NOON, date(2025, 3, 31), date(2025, 3, 31)),  # in Auckland Monday has begun
        (2, SUNDAY_NOON, date(2025, 3, 30), date(2025, 3, 24)),  # in New York it is Sunday morning
        (2, datetime(2025, 3, 31, 3, 59), date(2025, 3, 30), date(2025, 3, 24)),  # still Sunday in summer time
        (2, datetime(2025, 1, 6, 4, 59), date(2025, 1, 5), date(2024, 12, 30)),  # winter time: five hours behind
        (3, SUNDAY_NOON, date(2025, 3, 30), date(2025, 3, 24)),  # a zone that does not exist counts as UTC
        (4, datetime(2025, 3, 30, 23, 59), date(2025, 3, 30), date(2025, 3, 24)),  # no school: UTC
    ],
)
@pytest.mark.parametrize("is_built_afresh", [True, False])
def test_an_event_counts_on_its_schools_day(
    school: Record, mirror: Mirror, user_id: int, at: datetime, day: date, monday: date, is_built_afresh: bool
) -> None:
    if not is_built_afresh:
        mirror.refresh()
    add_events(school, event(1, user_id, 1, occurred_at=at, interactions_count=7))
    mirror.refresh()
    assert asked(mirror, DAYS) == [(user_id, 1, day, 1, 7)]
    assert asked(mirror, WEEKS) == [(user_id, 1, monday, 1)]


def test_events_add_up_one_by_one_and_many_at_once(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    add_events(school, event(1, 4, 1, occurred_at=SUNDAY_NOON, interactions_count=2))
    mirror.refresh()
    add_events(school, event(2, 4, 3, occurred_at=SUNDAY_NOON, interactions_count=3))
    mirror.refresh()
    add_events(school, *(event(n, 4, 1 + n % 2, occurred_at=SUNDAY_NOON, interactions_count=10) for n in range(3, 9)))
    mirror.refresh()
    assert asked(mirror, DAYS) == [(4, 1, date(2025, 3, 30), 5, 35), (4, 2, date(2025, 3, 30), 3, 30)]
    assert asked(mirror, WEEKS) == [(4, 1, date(2025, 3, 24), 5), (4, 2, date(2025, 3, 24), 3)]


def test_a_row_of_an_event_that_is_written_again_counts_once(school: Record, mirror: Mirror) -> None:
    rows = [event(number, 4, 1, occurred_at=SUNDAY_NOON) for number in range(1, 6)]
    add_events(school, *rows[:4])
    mirror.refresh()
    add_events(school, *rows)
    mirror.refresh()
    assert asked(mirror, DAYS) == [(4, 1, date(2025, 3, 30), 5, 5)]


def test_an_event_that_arrives_with_a_lower_number_counts(school: Record, mirror: Mirror) -> None:
    add_events(school, event(10, 4, 1, occurred_at=SUNDAY_NOON))
    mirror.refresh()
    add_events(school, event(5, 4, 1, occurred_at=SUNDAY_NOON))
    mirror.refresh()
    assert asked(mirror, DAYS) == [(4, 1, date(2025, 3, 30), 2, 2)]


@pytest.mark.parametrize("events_count", [1, 5], ids=["one by one", "many at once"])
@pytest.mark.parametrize(
    "said", [{"authority": "staff", "kind": "scored"}, {"authority": "system", "kind": "reset", "reason": "Copied"}]
)
def test_what_staff_enter_and_a_reset_are_no_activity_of_the_learner(
    school: Record, mirror: Mirror, said: dict[str, str], events_count: int
) -> None:
    mirror.refresh()
    add_events(school, event(100, 4, 1, occurred_at=SUNDAY_NOON))
    mirror.refresh()
    add_events(school, *(event(number, 4, 1, **said) for number in range(1, 1 + events_count)))
    mirror.refresh()
    assert asked(mirror, DAYS) == [(4, 1, date(2025, 3, 30), 1, 1)]
    assert_equal(mirror, school)


def test_the_last_of_a_days_events_is_kept_whatever_their_order(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    for number, hour in enumerate((12, 14, 13), 1):
        add_events(school, event(number, 4, 1, occurred_at=SUNDAY_NOON.replace(hour=hour)))
        mirror.refresh()
    last = "select user_id, last_activity_at from record.{}"
    for table in ("activity_days", "activity_weeks"):
        assert asked(mirror, last.format(table)) == [(4, SUNDAY_NOON.replace(hour=14))]


@pytest.mark.parametrize(
    ("model", "row", "expected"),
    [
        (School, {"id": 1, "name": "School", "time_zone": "UTC"}, (1, 1, date(2025, 3, 30), 1, 1)),
        (Module, module(1, course_id=2, unit_id=2), (1, 2, date(2025, 3, 31), 1, 1)),
        (ProgressEvent, event(1, 1, 1, occurred_at=START), (1, 1, date(2025, 1, 6), 1, 1)),
        (ProgressEvent, event(1, 1, 1, occurred_at=SUNDAY_NOON, authority="staff"), None),
        (ProgressEvent, event(1, 1, 1, occurred_at=SUNDAY_NOON, kind="reset", reason="Copied"), None),
        (
            User,
            {"id": 1, "full_name": "Moved", "is_active": True, "created_at": START, "school_id": 2},
            (1, 1, date(2025, 3, 30), 1, 1),
        ),
    ],
    ids=[
        "zone of the school",
        "course of the module",
        "time of the event",
        "word of the event",
        "kind of the event",
        "school of the learner",
    ],
)
def test_what_moves_events_moves_their_activity(
    school: Record, mirror: Mirror, model: Any, row: dict[str, Any], expected: tuple[Any, ...] | None
) -> None:
    add_events(school, event(1, 1, 1, occurred_at=SUNDAY_NOON))
    mirror.refresh()
    with school.writing() as tx:
        write(tx, model, row)
    mirror.refresh()
    assert asked(mirror, DAYS) == ([expected] if expected else [])
    assert_equal(mirror, school)


def add_events(record: Record, *rows: dict[str, Any]) -> None:
    with record.writing() as tx:
        write(tx, ProgressEvent, *rows)
