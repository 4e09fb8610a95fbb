"""How numbers and moments read: percentages, counts, dates. Words only; nothing here draws."""

from datetime import UTC, date, datetime
from math import ceil, floor
from zoneinfo import ZoneInfo

NO_FIGURE = "–"


def percent_text(shown: int | None) -> str:
    """A shown percentage; "–" where there is none, which is not the same as 0%."""
    return NO_FIGURE if shown is None else f"{shown}%"


def share_text(share: float) -> str:
    """A share from 0 to 1 as a percentage: rounded down, and at least 1% where it is anything at all."""
    return percent_text(max(floor(round(100 * share, 6)), ceil(share)))


def count_text(done: int, total: int, noun: str) -> str:
    """ "3 of 8 modules"; the noun is given in the singular."""
    return f"{done} of {plural(total, noun)}"


def plural(count: int, noun: str) -> str:
    """ "1 module", "2 modules"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def score_text(score: float | None) -> str:
    """A score; without one the work was not assessed, which is neither failed nor 0."""
    return "Not assessed" if score is None else f"{score:g}%"


def duration_text(seconds: float) -> str:
    """ "45 s", "12 min", "1 h 5 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


def local_time(moment: datetime, time_zone: str) -> datetime:
    """The moment in this time zone; a naive one is taken as UTC, as polars frames hold them."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(time_zone))


def day_text(moment: datetime | None, time_zone: str) -> str:
    """ "3 May", with the year unless it is the present one; "–" for no moment."""
    if moment is None:
        return NO_FIGURE
    day = local_time(moment, time_zone)
    same_year = day.year == local_time(datetime.now(UTC), time_zone).year
    return f"{day.day} {day:%B}" if same_year else f"{day.day} {day:%B %Y}"


def date_text(day: date) -> str:
    """ "20 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def minute_text(moment: datetime, time_zone: str) -> str:
    """ "20 November 2026, 07:50"."""
    local = local_time(moment, time_zone)
    return f"{local.day} {local:%B %Y, %H:%M}"
