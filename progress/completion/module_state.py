"""One learner's progress in one module, computed from its events: the reference for the rules of completion.

`module_states` gives the same answer for many at once. Events are ordered by (occurred_at, reported_at, source,
event_id), whatever the order in which they arrive. `reported_at` decides where a device's clock was ahead: what it
sends together is given one `occurred_at`, and keeps the order in which it happened there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from data.models.evidence import OWN_AUTHORITIES
from progress.completion.intervals import Interval, cut, share, union


@dataclass(frozen=True)
class ModuleRule:
    """When a module completes, and which score counts."""

    completion_rule: str
    pass_mark: float | None = None
    score_rule: str = "best"
    watched_threshold: float = 0.9
    duration_seconds: float | None = None


@dataclass(frozen=True)
class Evidence:
    """The fields of an event that decide a module's state."""

    kind: str
    occurred_at: datetime
    source: str = ""
    event_id: str = ""
    authority: str = "system"
    score: float | None = None
    position_seconds: float | None = None
    watched_intervals: tuple[Interval, ...] = ()
    reported_at: datetime | None = None

    @property
    def order(self) -> tuple[datetime, datetime, str, str]:
        return (self.occurred_at, self.reported_at or self.occurred_at, self.source, self.event_id)

    @property
    def is_own(self) -> bool:
        """Whether the learner did it. What staff enter is no activity of the learner, and neither is a reset."""
        return self.authority in OWN_AUTHORITIES and self.kind != "reset"


@dataclass(frozen=True)
class ModuleState:
    """A learner's stored progress in a module; the fields are those of `module_progress`."""

    status: str = "not_started"
    completion_percentage: float = 0.0
    started_at: datetime | None = None
    completed_at: datetime | None = None
    last_activity_at: datetime | None = None
    last_own_activity_at: datetime | None = None
    score: float | None = None
    is_passed: bool | None = None
    attempts_count: int = 0
    position_seconds: float | None = None
    watched_intervals: tuple[Interval, ...] = field(default=())
    watched_share: float | None = None
    reset_at: datetime | None = None


def module_state(rule: ModuleRule, events: Iterable[Evidence]) -> ModuleState:
    """The state after all these events, in any order. A reset voids every event that occurred up to it.

    It does not undo `last_own_activity_at`: the learner was there.
    """
    all_events = list(events)
    reset_at = max((event.occurred_at for event in all_events if event.kind == "reset"), default=None)
    counting = [e for e in all_events if e.kind != "reset" and (reset_at is None or e.occurred_at > reset_at)]
    last_own = max((event.occurred_at for event in all_events if event.is_own), default=None)
    state = _scored(rule, ModuleState(reset_at=reset_at, last_own_activity_at=last_own), counting)
    for event in sorted(counting, key=lambda e: e.order):
        state = advance(rule, state, event)
    return state if counting else _measured(rule, state)


def advance(rule: ModuleRule, state: ModuleState, event: Evidence) -> ModuleState:
    """The state after one more event for which `can_advance` holds. Scores and attempts stay: they need all events."""
    watched = union((*state.watched_intervals, *event.watched_intervals), rule.duration_seconds)
    is_complete = state.completed_at is not None or completes(rule, event) or _is_watched(rule, watched)
    return _measured(
        rule,
        state,
        started_at=state.started_at or event.occurred_at,
        last_activity_at=event.occurred_at,
        last_own_activity_at=event.occurred_at if event.is_own else state.last_own_activity_at,
        position_seconds=cut(
            state.position_seconds if event.position_seconds is None else event.position_seconds, rule.duration_seconds
        ),
        watched_intervals=watched,
        completed_at=state.completed_at or event.occurred_at if is_complete else None,
    )


def can_advance(state: ModuleState, event: Evidence) -> bool:
    """Whether `advance` gives the same state as `module_state` over all events."""
    if event.kind in ("reset", "submitted", "scored") or event.score is not None:
        return False
    last = max(filter(None, (state.last_activity_at, state.reset_at)), default=None)
    return last is None or event.occurred_at > last


def completes(rule: ModuleRule, event: Evidence) -> bool:
    """Whether this event alone completes the module. Staff can complete any module, whatever its rule."""
    match event.kind:
        case "viewed":
            return rule.completion_rule == "viewed"
        case "completed":
            return event.authority == "staff" or rule.completion_rule in _COMPLETED_BY[event.authority]
        case "submitted" | "scored":
            return rule.completion_rule == "submitted" or (
                rule.completion_rule == "passed" and _passes(rule, event.score) is True
            )
    return False


# The rules that a "completed" satisfies, by authority: a learner's own word does not submit an assignment.
_COMPLETED_BY = {
    "learner": ("viewed", "watched", "manual"),
    "system": ("viewed", "watched", "manual", "submitted"),
}


def _scored(rule: ModuleRule, state: ModuleState, events: Sequence[Evidence]) -> ModuleState:
    scores = [e.score for e in sorted(events, key=lambda e: e.order) if e.score is not None]
    score = (max(scores) if rule.score_rule == "best" else scores[-1]) if scores else None
    attempts = [sum(e.kind == kind for e in events) for kind in ("submitted", "scored")]
    return replace(state, score=score, is_passed=_passes(rule, score), attempts_count=attempts[0] or attempts[1])


def _passes(rule: ModuleRule, score: float | None) -> bool | None:
    return None if score is None or rule.pass_mark is None else score >= rule.pass_mark


def _is_watched(rule: ModuleRule, watched: Sequence[Interval]) -> bool:
    if rule.completion_rule != "watched" or not rule.duration_seconds:
        return False
    return share(watched, rule.duration_seconds) >= rule.watched_threshold


def _measured(rule: ModuleRule, state: ModuleState, **changes: Any) -> ModuleState:
    """The state with the changes, and with the status, watched share and percentage that follow from them."""
    values = {**vars(state), **changes}
    watched = share(values["watched_intervals"], rule.duration_seconds) if rule.duration_seconds else None
    values["watched_share"] = watched
    if values["completed_at"] is not None:
        values |= {"status": "completed", "completion_percentage": 100.0}
    else:
        status = "not_started" if values["started_at"] is None else "in_progress"
        values |= {"status": status, "completion_percentage": 100 * (watched or 0.0)}
    return ModuleState(**values)
