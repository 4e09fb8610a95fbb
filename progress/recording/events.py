"""An event as it arrives, the verdict on it, and the reasons to refuse one that do not depend on the record.

`people.access` decides who may record it.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from data.models.evidence import EVENT_KINDS
from data.moments import EARLIEST
from data.viewer import Viewer
from progress.completion.intervals import Interval

CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class NewEvent:
    """Something that happened, as reported. (source, event_id) identifies it permanently; `score` is 0–100.

    `is_a_systems_word`: a program reports it, so that the authority of its staff is not claimed for it.
    """

    source: str
    event_id: str
    learner_id: int
    module_id: int
    kind: str
    occurred_at: datetime
    score: float | None = None
    position_seconds: float | None = None
    watched_intervals: tuple[Interval, ...] = ()
    interactions_count: int = 1
    reason: str | None = None
    is_a_systems_word: bool = False


@dataclass(frozen=True)
class Verdict:
    """The outcome of an event. `reason` says in plain words why it was refused."""

    event_id: str
    outcome: Literal["created", "duplicate", "refused"]
    reason: str | None = None


def kinds_in_words() -> str:
    """The kinds of events, separated by commas."""
    return ", ".join(EVENT_KINDS)


def source_of(viewer: Viewer, source: str) -> str:
    """The source under which the viewer's events are stored; only administrators speak for a whole system.

    Otherwise a learner could use the ids of that system's future events, which would then count as duplicates, and
    could find out which ids exist.
    """
    return source if viewer.sees_everyone else f"{source} · person {viewer.user_id}"


def refusal(event: NewEvent) -> str | None:
    """Why this event can't be recorded by anyone, or None."""
    if not event.source.strip() or not event.event_id.strip():
        return "An event needs a source and an id."
    if event.kind not in EVENT_KINDS:
        return f"“{event.kind}” is not a kind of event. Use one of: {kinds_in_words()}."
    return _refusal_of_time(event) or _refusal_of_numbers(event) or _refusal_of_words(event)


def effective_time(event: NewEvent, received_at: datetime) -> datetime:
    """When (UTC) the event counts as having happened: when it arrived, if its time lies in the future."""
    believed = event.occurred_at if event.occurred_at <= received_at + CLOCK_TOLERANCE else received_at
    return believed.astimezone(UTC)


def _refusal_of_time(event: NewEvent) -> str | None:
    if event.occurred_at.tzinfo is None:
        return "The time has no time zone."
    return "The date is too long ago to be right." if event.occurred_at < EARLIEST else None


def _refusal_of_numbers(event: NewEvent) -> str | None:
    if event.score is not None and not 0 <= event.score <= 100:
        return f"The score {event.score:g} is not between 0 and 100."
    if event.position_seconds is not None and not _is_moment(event.position_seconds):
        return f"The position {event.position_seconds:g} is not a number of seconds from 0."
    for a, b in event.watched_intervals:
        if not (_is_moment(a) and _is_moment(b) and a <= b):
            return f"The watched stretch {a:g}–{b:g} does not run from an earlier to a later second."
    if not 0 <= event.interactions_count < 2**31:
        return f"{event.interactions_count} is not a number of interactions."
    return None


def _refusal_of_words(event: NewEvent) -> str | None:
    if event.kind == "reset" and not (event.reason and event.reason.strip()):
        return "Setting a module back to not started needs a reason."
    if event.kind == "scored" and event.score is None:
        return "A scored event needs a score."
    return None


def _is_moment(seconds: float) -> bool:
    return math.isfinite(seconds) and seconds >= 0
