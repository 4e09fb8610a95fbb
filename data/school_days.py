"""Days at a school: which day it is in its time zone, and when a day begins there. Knows no record and no clock."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, reset_tzpath

import polars as pl

from data.moments import naive_utc

# The machine's own time zones may be years old, and then its days differ from DuckDB's. Those of the pinned package
# `tzdata` do not, which a test holds against each other.
reset_tzpath([])


@lru_cache(maxsize=256)
def zone_of(name: str | None) -> ZoneInfo:
    """The time zone of this IANA name. None, and a name that is no time zone, is UTC: so it is in the mirror."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def school_day(moment: datetime, time_zone: str | None) -> date:
    """The day on which an aware moment lies in the time zone."""
    return moment.astimezone(zone_of(time_zone)).date()


def day_begins(day: date, time_zone: str | None) -> datetime:
    """When the day begins there, in UTC. Python knows also the days whose midnight the clocks skip."""
    return datetime.combine(day, time(), zone_of(time_zone)).astimezone(UTC)


def today_of(days: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The rows with `today`: which day it is in their `time_zone`."""
    zones = days["time_zone"].unique().to_list()
    todays = pl.DataFrame(
        {"time_zone": zones, "today": [school_day(now, zone) for zone in zones]},
        schema={"time_zone": pl.String, "today": pl.Date},
    )
    return days.join(todays, on="time_zone", how="left", maintain_order="left")


def beginnings_of(days: pl.DataFrame, day: str, name: str) -> pl.DataFrame:
    """The rows with the moment (naive UTC) at which their `day` begins in their `time_zone`."""
    pairs = days.select(day, "time_zone").drop_nulls().unique()
    moments = [naive_utc(day_begins(*pair)) for pair in pairs.rows()]
    known = pairs.with_columns(pl.Series(name, moments, dtype=pl.Datetime("us")))
    return days.join(known, on=[day, "time_zone"], how="left", maintain_order="left")
