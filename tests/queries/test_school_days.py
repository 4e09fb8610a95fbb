"""The day of a moment is the same for the code that writes and for the views that read, in every time zone."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import available_timezones

import duckdb
import polars as pl
import pytest

from data.moments import naive_utc
from data.school_days import day_begins, school_day
from data.settings import PROJECT
from queries.asking.catalogue import VIEWS

FIRST_DAY, DAYS = date(2000, 1, 1), 365 * 30  # what lies ahead too: new rules come with new versions of both
MIDNIGHTS_OF_A_ZONE = 40
INSTANT = timedelta(microseconds=1)
ANOTHER_WAY = re.compile(
    r"date\.today\(|\bnow\(.*\)\.date\(\)|astimezone\(.*\)\.date\(\)|local_time\(.*\)\.date\(\)|now\(\)\)?::date"
)


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute((VIEWS / "macros.sql").read_text(encoding="utf-8"))
        yield connection


def zones(duck: duckdb.DuckDBPyConnection) -> list[str]:
    known = {name for (name,) in duck.execute("select name from pg_timezone_names()").fetchall()}
    return sorted(available_timezones() & known)


def around_midnights(zone: str) -> Iterator[datetime]:
    """Days of summer and winter, of changing clocks, and those whose midnight is skipped or comes twice."""
    random = Random(zone)
    for _ in range(MIDNIGHTS_OF_A_ZONE):
        begins = naive_utc(day_begins(FIRST_DAY + timedelta(days=random.randrange(DAYS)), zone))
        yield from (begins - INSTANT, begins, begins + timedelta(hours=random.randrange(24)))


def test_the_day_of_a_moment_is_the_same_for_writing_and_for_reading(duck: duckdb.DuckDBPyConnection) -> None:
    rows = [(moment, zone) for zone in zones(duck) for moment in around_midnights(zone)]
    moments = pl.DataFrame(rows, schema={"moment": pl.Datetime("us"), "zone": pl.String}, orient="row")
    duck.register("moments", moments)
    read = duck.execute("select moment, zone, school_day(moment, zone), school_week(moment, zone) from moments")
    different = []
    for moment, zone, day, week in read.fetchall():
        expected = school_day(moment.replace(tzinfo=UTC), zone)
        if (day, week) != (expected, expected - timedelta(days=expected.weekday())):
            different.append((moment, zone, day, week))
    assert len(rows) > 10_000
    assert different == []


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 3, 29, 22, 0), "Europe/Berlin", date(2026, 3, 30)),
        (datetime(2026, 3, 28, 22, 59), "Europe/Berlin", date(2026, 3, 28)),
        (datetime(2026, 10, 25, 22, 59), "Europe/Berlin", date(2026, 10, 25)),
        (datetime(2011, 12, 30, 9, 59), "Pacific/Apia", date(2011, 12, 29)),
        (datetime(2011, 12, 30, 10, 0), "Pacific/Apia", date(2011, 12, 31)),
        (datetime(2026, 6, 1, 18, 15), "Asia/Kathmandu", date(2026, 6, 2)),
        (datetime(2026, 6, 1, 23, 59), "UTC", date(2026, 6, 1)),
        (datetime(2026, 12, 1, 7, 30), "America/Vancouver", date(2026, 12, 1)),  # summer time all year since 2026
    ],
)
def test_the_day_is_that_of_the_clocks_there(
    duck: duckdb.DuckDBPyConnection, moment: datetime, zone: str, day: date
) -> None:
    assert duck.execute("select school_day($1, $2)", [moment, zone]).fetchone() == (day,)
    assert school_day(moment.replace(tzinfo=UTC), zone) == day


def test_nothing_else_says_which_day_it_is() -> None:
    files = [path for part in ("api", "charts", "data", "pages", "progress", "queries") for path in files_of(part)]
    found = [path.relative_to(PROJECT).as_posix() for path in files if ANOTHER_WAY.search(path.read_text("utf-8"))]
    assert found == ["data/school_days.py"]


def files_of(part: str) -> list[Path]:
    """Its code and SQL, without migrations: what has landed stays as it is."""
    paths = [path for path in (PROJECT / part).rglob("*") if path.suffix in (".py", ".sql")]
    return [path for path in paths if "migrations" not in path.parts]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_today_is_the_day_of_now(duck: duckdb.DuckDBPyConnection, zone: str) -> None:
    before = school_day(datetime.now(UTC), zone)
    [today] = duck.execute("select school_today($1)", [zone]).fetchone() or []
    assert before <= today <= school_day(datetime.now(UTC), zone)
