"""Statements as events: what each of them is to be judged as, like any other event."""

from datetime import datetime

from progress.recording.events import NewEvent
from progress.xapi.record.directory import Found
from progress.xapi.statement.incoming import Incoming
from progress.xapi.statement.verbs import ONLY_OF_WHAT_IS_KNOWN, event_kind

SOURCE = "xapi"


def event_of(
    item: Incoming, found: Found, source: str, received_at: datetime, *, is_learners_word: bool
) -> NewEvent | None:
    """The event that the statement reports; None where it is only kept.

    On a learner's own word an attempt has no score, and an answer is no event: scores are for staff and systems.
    """
    if found.module is None or found.user_id is None:
        return None
    told = item.told
    if is_learners_word and told.meant == ONLY_OF_WHAT_IS_KNOWN:
        return None
    score = None if is_learners_word and told.meant == "attempted" else told.score
    assert told.meant is not None, "only statements that may mean an event have a module"
    kind = event_kind(told.meant, score is not None, found.module.completion_rule)
    return NewEvent(
        source=source,
        event_id=item.id.partition("@")[0],  # a person's events have a source of their own
        learner_id=found.user_id,
        module_id=found.module.module_id,
        kind=kind.kind,
        occurred_at=item.happened(received_at),
        score=score,
        position_seconds=told.position_seconds,
        watched_intervals=told.watched_intervals,
        is_a_systems_word=not kind.is_outright,
    )
