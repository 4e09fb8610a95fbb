"""The sample school's calendar, on every day of the week and across the change of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from progress.sample.term import Term

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize("days", range(7))
def test_term_began_on_a_monday_twelve_weeks_ago_and_ends_on_a_friday_to_come(days: int) -> None:
    term = Term(MONDAY + timedelta(days=days), "Europe/London")
    assert term.starts_on == date(2025, 12, 8)
    assert term.ends_on == date(2026, 3, 13)


def test_hours_are_the_school_s_own_before_and_after_the_clocks_change() -> None:
    term = Term(date(2026, 4, 6), "Europe/London")
    assert term.at(date(2026, 3, 27), time(9)) == datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert term.at(date(2026, 3, 30), time(9)) == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_moments_are_in_order_and_within_their_days() -> None:
    term = Term(MONDAY, "Europe/London")
    moments = term.moments(Random(1), 200, date(2026, 2, 2), date(2026, 2, 9))
    assert moments == sorted(moments)
    assert len(moments) == 200
    assert date(2026, 2, 2) <= moments[0].date()
    assert moments[-1].date() < date(2026, 2, 9)


@pytest.mark.parametrize(
    ("handed_in", "marked"),
    [
        (datetime(2026, 3, 3, 12, tzinfo=UTC), date(2026, 3, 5)),  # Tuesday: Thursday
        (datetime(2026, 3, 5, 12, tzinfo=UTC), date(2026, 3, 9)),  # Thursday: not Saturday, Monday
        (datetime(2026, 3, 6, 12, tzinfo=UTC), date(2026, 3, 9)),  # Friday: not Sunday, Monday
    ],
)
def test_next_school_day_two_days_later_is_no_weekend(handed_in: datetime, marked: date) -> None:
    assert Term(MONDAY, "Europe/London").next_school_day(handed_in, 2) == marked
