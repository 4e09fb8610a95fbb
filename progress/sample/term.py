"""The sample school's calendar: a term of which twelve weeks have passed, on whatever day it is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

_WEEKS_PASSED = 12
_WEEKS_LEFT = 2
_HALF_TERM_WEEK = 6  # counted from 0

# Relative weights: how much of a week's study falls on each day, Monday first, and of a day's study in each hour.
_DAY_WEIGHTS = (10, 11, 11, 10, 8, 1.5, 3)
_HALF_TERM_FACTOR = 0.1
_SCHOOL_DAY_HOURS = {9: 5, 10: 6, 11: 6, 12: 2, 13: 5, 14: 6, 15: 3, 16: 3, 17: 3, 18: 2, 19: 3, 20: 2}
_WEEKEND_HOURS = {10: 2, 11: 3, 14: 3, 15: 3, 16: 3, 17: 2, 18: 2, 19: 2}


@dataclass(frozen=True)
class Term:
    """A term as of `today`. Weeks count from 0; nothing happens on `today` itself or later."""

    today: date
    time_zone: str

    @property
    def starts_on(self) -> date:
        """A Monday."""
        return self.today - timedelta(days=self.today.weekday(), weeks=_WEEKS_PASSED)

    @property
    def enrols_on(self) -> date:
        """The Friday before the term."""
        return self.starts_on - timedelta(days=3)

    @property
    def ends_on(self) -> date:
        """A Friday, still to come."""
        return self.starts_on + timedelta(weeks=_WEEKS_PASSED + _WEEKS_LEFT, days=-3)

    @property
    def now(self) -> datetime:
        """The moment when the sample's past ends: the start of `today`."""
        return self.at(self.today, time(0))

    def at(self, day: date, hour: time) -> datetime:
        """A moment of the school's local time, in UTC."""
        return datetime.combine(day, hour, ZoneInfo(self.time_zone)).astimezone(UTC)

    def week(self, number: int) -> date:
        """The Monday of a week."""
        return self.starts_on + timedelta(weeks=number)

    def moments(self, random: Random, count: int, first: date, last: date) -> list[datetime]:
        """`count` moments of study in order, from the first day up to but excluding the last."""
        days = [first + timedelta(days=offset) for offset in range((last - first).days)]
        chosen = random.choices(days, [self._weight(day) for day in days], k=count)
        return sorted(self.at(day, _hour(random, day)) for day in chosen)

    def next_school_day(self, moment: datetime, days_later: int) -> date:
        """The first weekday at least `days_later` days after a moment."""
        day = moment.date() + timedelta(days=days_later)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)

    def _weight(self, day: date) -> float:
        is_half_term = (day - self.starts_on).days // 7 == _HALF_TERM_WEEK
        return _DAY_WEIGHTS[day.weekday()] * (_HALF_TERM_FACTOR if is_half_term else 1)


def _hour(random: Random, day: date) -> time:
    hours = _WEEKEND_HOURS if day.weekday() >= 5 else _SCHOOL_DAY_HOURS
    return time(_one_of(random, list(hours), list(hours.values())), random.randrange(60), random.randrange(60))


def _one_of(random: Random, values: Sequence[int], weights: Sequence[float]) -> int:
    return random.choices(values, weights)[0]
