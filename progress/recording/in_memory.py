"""Recording a few judged events at once: each table is read once and written once, with everything else in memory.

`in_columns` does the same for many.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select

from data.bulk import any_of, list_parameter
from data.models import ModuleProgress, ProgressEvent
from data.record import Transaction
from data.row import find_rows, insert_rows, upsert_rows
from data.viewer import Viewer
from progress.completion import intervals
from progress.completion.course_shape import CourseShape
from progress.completion.module_state import Evidence, ModuleState, advance, can_advance, module_state
from progress.courses.learner_roll_up import InModule
from progress.recording.consequences import Changed, bring_about
from progress.recording.screening import Accepted


def record_accepted(tx: Transaction, viewer: Viewer, accepted: Sequence[Accepted], received_at: datetime) -> None:
    """Store judged events, update the modules, and roll up."""
    if not accepted:
        return
    insert_rows(tx, ProgressEvent, [_event_row(viewer, item, received_at) for item in accepted])
    touched: dict[InModule, list[Accepted]] = defaultdict(list)
    for item in accepted:
        touched[item.event.learner_id, item.event.module_id].append(item)
    before = _stored_states(tx, touched)
    after = {pair: _state_after(tx, items, before.get(pair, ModuleState())) for pair, items in touched.items()}
    changed = {pair: state for pair, state in after.items() if state != before.get(pair)}
    upsert_rows(tx, ModuleProgress, [_state_row(pair, state) for pair, state in changed.items()])
    shapes = {pair: items[0].shape for pair, items in touched.items()}
    moved = {pair: shapes[pair] for pair in touched if _moves_course(pair, shapes[pair], before, after)}
    active = {pair: shapes[pair] for pair in touched if _moves_activity(before.get(pair, ModuleState()), after[pair])}
    bring_about(tx, Changed(moved, active))


def _event_row(viewer: Viewer, item: Accepted, received_at: datetime) -> dict[str, Any]:
    event = item.event
    return {
        "source": event.source,
        "event_id": event.event_id,
        "user_id": event.learner_id,
        "module_id": event.module_id,
        "kind": event.kind,
        "authority": item.authority,
        "recorded_by": viewer.user_id,
        "occurred_at": item.occurred_at,
        "reported_at": item.reported_at,
        "received_at": received_at,
        "score": event.score,
        "position_seconds": event.position_seconds,
        "watched_intervals": intervals.render(event.watched_intervals),
        "interactions_count": event.interactions_count,
        "reason": event.reason,
    }


def _state_row(pair: InModule, state: ModuleState) -> dict[str, Any]:
    return {
        "user_id": pair[0],
        "module_id": pair[1],
        **vars(state),
        "watched_intervals": intervals.render(state.watched_intervals),
    }


def _stored_states(tx: Transaction, pairs: Collection[InModule]) -> dict[InModule, ModuleState]:
    learners, modules = zip(*pairs, strict=True)
    bound = {"user_ids": list_parameter(tx, learners), "module_ids": list_parameter(tx, modules)}
    rows = find_rows(tx, _states_of_any(tx.is_sqlite), bound)
    return {(user, module): _state(values) for user, module, *values in rows if (user, module) in pairs}


def _state(values: Iterable[Any]) -> ModuleState:
    state = dict(zip(_STATE_COLUMNS, values, strict=True))
    return ModuleState(**{**state, "watched_intervals": intervals.parse(state["watched_intervals"])})


def _state_after(tx: Transaction, items: Sequence[Accepted], before: ModuleState) -> ModuleState:
    """The module's state after `items`, which are one learner's in one module and already stored."""
    event, rule, state = items[0].event, items[0].shape.modules[items[0].event.module_id].rule, before
    for evidence in sorted(map(_evidence, items), key=lambda found: found.order):
        if not can_advance(state, evidence):
            stored = find_rows(tx, _EVIDENCE, {"user_id": event.learner_id, "module_id": event.module_id})
            return module_state(rule, [_stored_evidence(row) for row in stored])
        state = advance(rule, state, evidence)
    return state


def _evidence(item: Accepted) -> Evidence:
    return Evidence(
        kind=item.event.kind,
        occurred_at=item.occurred_at,
        source=item.event.source,
        event_id=item.event.event_id,
        authority=item.authority,
        score=item.event.score,
        position_seconds=item.event.position_seconds,
        watched_intervals=item.event.watched_intervals,
        reported_at=item.reported_at,
    )


def _stored_evidence(row: Any) -> Evidence:
    return Evidence(**{**row._asdict(), "watched_intervals": intervals.parse(row.watched_intervals)})


def _moves_course(
    pair: InModule,
    shape: CourseShape,
    before: Mapping[InModule, ModuleState],
    after: Mapping[InModule, ModuleState],
) -> bool:
    """Whether the course may have changed: a score in a key module can complete it without changing the module."""
    was = before.get(pair, ModuleState()).completed_at
    return pair[1] in shape.key_modules or after[pair].completed_at != was


def _moves_activity(before: ModuleState, after: ModuleState) -> bool:
    was, now = ((state.last_activity_at, state.last_own_activity_at) for state in (before, after))
    return was != now


_USER: BindParameter[int] = bindparam("user_id")
_NUMBER: BindParameter[int] = bindparam("changed_in")
_STATE_COLUMNS = tuple(ModuleState.__dataclass_fields__)
_EVIDENCE_COLUMNS = tuple(Evidence.__dataclass_fields__)

_EVIDENCE = select(*(getattr(ProgressEvent, name) for name in _EVIDENCE_COLUMNS)).where(
    ProgressEvent.user_id == _USER, ProgressEvent.module_id == bindparam("module_id")
)


@lru_cache(maxsize=2)
def _states_of_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    columns = ("user_id", "module_id", *_STATE_COLUMNS)
    return select(*(getattr(ModuleProgress, name) for name in columns)).where(
        any_of(ModuleProgress.user_id, "user_ids", is_sqlite), any_of(ModuleProgress.module_id, "module_ids", is_sqlite)
    )
