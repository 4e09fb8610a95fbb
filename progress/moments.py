"""Moments as frames hold them: UTC without saying so, in whole microseconds."""

from datetime import UTC, datetime


def naive_utc(moment: datetime) -> datetime:
    """The same moment for a column of naive UTC times."""
    return moment.astimezone(UTC).replace(tzinfo=None)
