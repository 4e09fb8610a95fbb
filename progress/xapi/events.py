"""Statements as events: what each of them is to be judged as, like any other event."""

from datetime import datetime

from progress.events import NewEvent
from progress.xapi.directory import Found, KnownModule
from progress.xapi.incoming import Incoming
from progress.xapi.verbs import EventKind, event_kind

SOURCE = "xapi"


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


def _kind(item: Incoming, module: KnownModule) -> EventKind:
    assert item.told.meant is not None, "only statements that mean an event have a module"
    return event_kind(item.told.meant, item.told.score is not None, module.completion_rule)
