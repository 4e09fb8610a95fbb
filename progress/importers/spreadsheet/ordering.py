"""The order of several lines about one learner and module on one day: later lines become later events."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from data.bulk import matches_any
from data.models import ProgressEvent
from data.record import Transaction
from progress.recording.entries import Entry
from progress.recording.events import NewEvent

_STEP = timedelta(microseconds=1)
_ROOM = timedelta(seconds=1)  # reserved for the lines of one day; a date stands for its noon

_Moment = tuple[int, int, datetime]


def repetitions(entries: Sequence[Entry]) -> list[int]:
    """For each entry, how often the same was stated earlier for that day with something else in between.

    So 41, 72, 41 are three attempts, while the same line twice in succession is one.
    """
    last: dict[tuple[object, ...], Entry] = {}
    runs: Counter[Entry] = Counter()
    found = []
    for entry in entries:
        of_day = (entry.learner_id, entry.module_id, entry.on)
        if last.get(of_day) != entry:
            runs[entry] += 1
        last[of_day] = entry
        found.append(runs[entry] - 1)
    return found


def one_after_another(tx: Transaction, events: Sequence[NewEvent]) -> list[NewEvent]:
    """The events, shifted by microseconds so that later lines of the same day are later events.

    They also follow what staff already recorded for that moment, so that a corrected line replaces the first one.
    """
    nexts = _after_what_is_stored(tx, events)
    found = []
    for event in events:
        key = (event.learner_id, event.module_id, event.occurred_at)
        found.append(replace(event, occurred_at=nexts.get(key, event.occurred_at)))
        nexts[key] = found[-1].occurred_at + _STEP
    return found


def _after_what_is_stored(tx: Transaction, events: Sequence[NewEvent]) -> dict[_Moment, datetime]:
    moments: dict[tuple[int, int], set[datetime]] = {}
    for event in events:
        moments.setdefault((event.learner_id, event.module_id), set()).add(event.occurred_at)
    nexts: dict[_Moment, datetime] = {}
    for learner, module, occurred_at in _stored(tx, events):
        for moment in moments.get((learner, module), ()):
            if moment <= occurred_at < moment + _ROOM:
                key = (learner, module, moment)
                nexts[key] = max(occurred_at + _STEP, nexts.get(key, moment))
    return nexts


def _stored(tx: Transaction, events: Sequence[NewEvent]) -> Iterable[Any]:
    if not events:
        return ()
    moments = [event.occurred_at for event in events]
    found: Iterable[Any] = tx.execute(
        select(ProgressEvent.user_id, ProgressEvent.module_id, ProgressEvent.occurred_at).where(
            matches_any(tx, ProgressEvent.user_id, {event.learner_id for event in events}),
            matches_any(tx, ProgressEvent.module_id, {event.module_id for event in events}),
            ProgressEvent.occurred_at.between(min(moments), max(moments) + _ROOM),
            ProgressEvent.authority == "staff",
        )
    )
    return found
