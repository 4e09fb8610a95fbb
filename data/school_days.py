"""Days at a school: which day it is in its time zone, and when a day begins there. Knows no record and no clock."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


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
