"""What a person enters about a learner and a module, in a form, a grid or a spreadsheet, and the event that it means.

`screening` decides what may be recorded. Here are the rules for entering it: the statuses, what an empty field means,
and that a date may not lie ahead. (Events may, since a clock can be wrong; a person can correct the date.)
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from data.school_days import school_day, zone_of
from progress.recording.events import NewEvent

RESET = "Not started (reset)"
STATUSES = {"Completed": "completed", "Submitted": "submitted", "In progress": "played", RESET: "reset"}


@dataclass(frozen=True)
class Entry:
    """One learner's line: `status` is one of STATUSES or empty, `on` empty means today."""

    learner_id: int
    module_id: int
    status: str | None = None
    score: float | None = None
    on: date | None = None
    note: str | None = None

    @property
    def is_blank(self) -> bool:
        return not (self.status or self.score is not None or self.on or self.note)


def fault_of(entry: Entry, today: date) -> str | None:
    """What is wrong with the entry itself, or None."""
    if not entry.status and entry.score is None:
        return "Choose a status or enter a score."
    if entry.on and entry.on > today:
        return f"{entry.on:%d %B %Y} lies in the future. Choose today or an earlier day."
    if entry.status == RESET and entry.score is not None:
        return "A module that is set back has no score. Leave the score empty."
    return None


def event_of(entry: Entry, *, source: str, event_id: str, now: datetime, time_zone: str) -> NewEvent:
    """The event of an entry without a fault, made at `now` in this time zone."""
    return NewEvent(
        source=source,
        event_id=event_id,
        learner_id=entry.learner_id,
        module_id=entry.module_id,
        kind=_kind(entry),
        occurred_at=_moment(entry, now, time_zone),
        score=entry.score,
        reason=entry.note,
    )


def _kind(entry: Entry) -> str:
    if entry.score is not None and entry.status in (None, "In progress"):
        return "scored"
    return STATUSES[entry.status or "In progress"]


def _moment(entry: Entry, now: datetime, time_zone: str) -> datetime:
    """Now, if it is for today. An earlier day means its noon, or its end for a reset, which undoes that whole day."""
    if entry.on is None or entry.on == school_day(now, time_zone):
        return now
    at = time(23, 59, 59) if entry.status == RESET else time(12)
    return datetime.combine(entry.on, at, zone_of(time_zone)).astimezone(UTC)
