"""Statements as events: one at a time to be judged like any other, or many as the columns of a trusted source."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from progress.events import CLOCK_TOLERANCE, NewEvent
from progress.fold_set import TIME
from progress.intervals import render
from progress.xapi.directory import Found, KnownModule
from progress.xapi.incoming import Incoming
from progress.xapi.verbs import EventKind, event_kind

SOURCE = "xapi"

_SCHEMA: dict[str, Any] = {
    "event_id": pl.String,
    "user_id": pl.Int64,
    "module_id": pl.Int64,
    "kind": pl.String,
    "authority": pl.String,
    "occurred_at": TIME,
    "score": pl.Float64,
    "position_seconds": pl.Float64,
    "watched_intervals": pl.String,
}


def event_of(item: Incoming, found: Found, source: str, received_at: datetime) -> NewEvent | None:
    """The event that the statement reports; None where it is only kept."""
    if found.module is None or found.user_id is None:
        return None
    kind = _kind(item, found.module)
    return NewEvent(
        source=source,
        event_id=item.id,
        learner_id=found.user_id,
        module_id=found.module.module_id,
        kind=kind.kind,
        occurred_at=item.happened(received_at),
        score=item.told.score,
        position_seconds=item.told.position_seconds,
        watched_intervals=item.told.watched_intervals,
        is_a_systems_word=not kind.is_outright,
    )


def frame_of_events(items: Sequence[tuple[Incoming, Found]], received_at: datetime) -> pl.DataFrame:
    """The events of a trusted source's statements, as `record_in_bulk` takes them."""
    rows = [_row(item, found, found.module, received_at) for item, found in items if found.module is not None]
    columns = zip(*rows, strict=True) if rows else ([] for _ in _SCHEMA)
    frame = pl.DataFrame(dict(zip(_SCHEMA, map(list, columns), strict=True)), schema=_SCHEMA)
    now = received_at.astimezone(UTC).replace(tzinfo=None)
    is_ahead = pl.col("occurred_at") > now + CLOCK_TOLERANCE
    return frame.with_columns(
        source=pl.lit(SOURCE),
        received_at=pl.lit(now, TIME),
        reported_at=pl.when(is_ahead).then("occurred_at"),
        occurred_at=pl.when(is_ahead).then(pl.lit(now, TIME)).otherwise("occurred_at"),
    )


def _row(item: Incoming, found: Found, module: KnownModule, received_at: datetime) -> tuple[Any, ...]:
    kind, is_outright = _kind(item, module)
    return (
        item.id,
        found.user_id,
        module.module_id,
        kind,
        "staff" if is_outright else "system",
        item.happened(received_at).replace(tzinfo=None),
        item.told.score,
        item.told.position_seconds,
        render(item.told.watched_intervals),
    )


def _kind(item: Incoming, module: KnownModule) -> EventKind:
    assert item.told.meant is not None, "only statements that mean an event have a module"
    return event_kind(item.told.meant, item.told.score is not None, module.completion_rule)
