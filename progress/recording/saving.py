"""Recording what a teacher has typed, each entry separately, with an outcome for each."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from data.settings import settings
from data.troubles import RecordTrouble, troubles_named
from data.viewer import Viewer
from progress.recording.entries import Entry, event_of, fault_of
from progress.recording.events import NewEvent
from progress.recording.record import record

SOURCE = "waymark"
NOT_ACTIVE = "Dropped from the course, or no longer in the class. Nothing is recorded until they are taken back."


@dataclass(frozen=True)
class Outcome:
    """The outcome of an entry: saved, saved before, or refused with the reason in plain words.

    `on` is the day for which it was recorded.
    """

    entry: Entry
    outcome: str
    on: date
    reason: str | None = None

    @property
    def is_refused(self) -> bool:
        return self.outcome == "refused"


def save_entries(viewer: Viewer, entries: Sequence[Entry], draft: str, *, open_to: Collection[int]) -> list[Outcome]:
    """Record the entries separately; returns an outcome for each, in order.

    `open_to` are the learners for whom something can be recorded. The same entry of the same draft is the same event,
    so a second click does not save it twice.
    """
    now = datetime.now(UTC)
    today = viewer.today()
    faults = {entry: fault_of(entry, today) if entry.learner_id in open_to else NOT_ACTIVE for entry in entries}
    events = {entry: _event(entry, draft, now, viewer.time_zone) for entry in entries if not faults[entry]}
    try:
        with troubles_named(settings().database_url):
            verdicts = dict(zip(events, record(viewer, list(events.values())), strict=True)) if events else {}
    except RecordTrouble as trouble:
        words = f"{trouble.plain} Nothing was saved. What you typed is still here: save it again in a few minutes."
        return [Outcome(entry, "refused", entry.on or today, faults[entry] or words) for entry in entries]
    return [
        Outcome(entry, "refused", entry.on or today, faults[entry])
        if faults[entry]
        else Outcome(entry, verdicts[entry].outcome, entry.on or today, verdicts[entry].reason)
        for entry in entries
    ]


def _event(entry: Entry, draft: str, now: datetime, time_zone: str) -> NewEvent:
    typed = (entry.learner_id, entry.module_id, entry.status, entry.score, entry.on, entry.note)
    event_id = str(uuid.uuid5(uuid.UUID(draft), repr(typed)))
    return event_of(entry, source=SOURCE, event_id=event_id, now=now, time_zone=time_zone)
