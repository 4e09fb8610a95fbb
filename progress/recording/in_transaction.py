"""Events screened and recorded inside one transaction, each with its verdict."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from data.record import Transaction, current_record
from data.viewer import Viewer
from progress.audit.noting import note_many
from progress.recording.events import NewEvent, Verdict
from progress.recording.in_columns import frame_of_accepted, record_frame
from progress.recording.in_memory import record_accepted
from progress.recording.screening import Accepted, open_screening

# From so many events on, columns are quicker. 1,000 take 140 ms on SQLite against 110 in memory, and 440 ms on
# PostgreSQL against 560.
COLUMNS_FROM = {"sqlite": 2_000, "postgresql": 500}


def record_by_itself(viewer: Viewer, events: Sequence[NewEvent], received_at: datetime) -> list[Verdict]:
    """Record what may be recorded, in a transaction of its own."""
    try:
        return _record_by_itself(viewer, events, received_at)
    except IntegrityError:
        # Someone else stored the same event between our look and our write. Now it is there to be seen.
        return _record_by_itself(viewer, events, received_at)


def record_within(tx: Transaction, viewer: Viewer, events: Sequence[NewEvent], received_at: datetime) -> list[Verdict]:
    """Record what may be recorded. Raises IntegrityError if someone just stored the same event."""
    screening = open_screening(tx, viewer, events, received_at)
    judged = [screening.judge(event) for event in events]
    accepted = [item for item in judged if isinstance(item, Accepted)]
    _note_resets(tx, viewer, accepted)
    if len(accepted) < COLUMNS_FROM[tx.connection.dialect.name]:
        record_accepted(tx, viewer, accepted, received_at)
    else:
        record_frame(tx, frame_of_accepted(viewer, accepted, received_at))
    return [Verdict(item.event.event_id, "created") if isinstance(item, Accepted) else item for item in judged]


def _record_by_itself(viewer: Viewer, events: Sequence[NewEvent], received_at: datetime) -> list[Verdict]:
    with current_record().writing() as tx:
        return record_within(tx, viewer, events, received_at)


def _note_resets(tx: Transaction, viewer: Viewer, accepted: Sequence[Accepted]) -> None:
    resets = [item.event for item in accepted if item.event.kind == "reset"]
    rows = [{"subject_id": event.learner_id, "details": {"module_id": event.module_id}} for event in resets]
    note_many(tx, "progress.reset", rows, by=viewer.user_id)
