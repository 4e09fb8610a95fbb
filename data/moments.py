"""Moments as frames hold them: UTC without saying so, in whole microseconds."""

from datetime import UTC, datetime

# Earlier times are mistakes: nobody still reports what happened before.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def naive_utc(moment: datetime) -> datetime:
    """The same moment for a column of naive UTC times."""
    return moment.astimezone(UTC).replace(tzinfo=None)
