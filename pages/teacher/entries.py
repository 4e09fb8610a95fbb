"""What a teacher typed about a learner and a module, and its way into the record. Draws nothing.

The rules of what may be recorded are `progress.recording`'s; here stand only those of typing: what an empty cell means,
and that a date may not lie ahead (elsewhere a clock may be wrong; a person can look again).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from data.viewer import Viewer
from progress.recording import NewEvent, record_events

SOURCE = "waymark"
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


@dataclass(frozen=True)
class Outcome:
    """What became of an entry: saved, already saved before, or refused with the reason in plain words."""

    entry: Entry
    outcome: str
    reason: str | None = None

    @property
    def is_refused(self) -> bool:
        return self.outcome == "refused"


def save(viewer: Viewer, entries: Sequence[Entry], draft: str) -> list[Outcome]:
    """Record the entries, each on its own merits; an outcome for each, in their order.

    The same entry of the same draft is the same event, so a second click saves nothing twice.
    """
    now = datetime.now(UTC)
    slips = {entry: _slip(entry, now.astimezone(ZoneInfo(viewer.time_zone)).date()) for entry in entries}
    events = {entry: _event(entry, draft, now, viewer.time_zone) for entry in entries if not slips[entry]}
    verdicts = dict(zip(events, record_events(viewer, list(events.values())), strict=True)) if events else {}
    return [
        Outcome(entry, "refused", slips[entry])
        if slips[entry]
        else Outcome(entry, verdicts[entry].outcome, verdicts[entry].reason)
        for entry in entries
    ]


def _slip(entry: Entry, today: date) -> str | None:
    """What is wrong with the typing itself, or None."""
    if not entry.status and entry.score is None:
        return "Choose a status or enter a score."
    if entry.on and entry.on > today:
        return f"{entry.on:%d %B %Y} lies in the future. Choose today or an earlier day."
    if entry.status == RESET and entry.score is not None:
        return "A module that is set back has no score. Leave the score empty."
    return None


def _event(entry: Entry, draft: str, now: datetime, time_zone: str) -> NewEvent:
    typed = (entry.learner_id, entry.module_id, entry.status, entry.score, entry.on, entry.note)
    return NewEvent(
        source=SOURCE,
        event_id=str(uuid.uuid5(uuid.UUID(draft), repr(typed))),
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
    """Now for today. An earlier day stands for its noon, but a reset for its end: it undoes all of that day."""
    if entry.on is None or entry.on == now.astimezone(ZoneInfo(time_zone)).date():
        return now
    at = time(23, 59, 59) if entry.status == RESET else time(12)
    return datetime.combine(entry.on, at, ZoneInfo(time_zone)).astimezone(UTC)
