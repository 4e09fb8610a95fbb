"""The one way in: `record` takes events to be judged, `record_many` a frame that an importer has judged.

Either way an event is stored once and folded into its module's progress, and what `consequences` lists follows, all in
one transaction.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import polars as pl

from data.record import Transaction, current_record
from data.viewer import Viewer
from progress.recording.events import NewEvent, Verdict
from progress.recording.in_columns import record_frame
from progress.recording.in_transaction import record_by_itself, record_within
from progress.recording.shared_transactions import record_sharing


def record(
    viewer: Viewer,
    events: Sequence[NewEvent],
    *,
    within: Transaction | None = None,
    received_at: datetime | None = None,
) -> list[Verdict]:
    """Record on the viewer's word what they may record; a verdict for each event, in their order.

    Returns once everything is durable, unless `within` is the caller's own transaction: then it raises IntegrityError
    if someone just stored the same event. `received_at` is now by default.
    """
    now = received_at or datetime.now(UTC)
    if within is not None:
        return record_within(within, viewer, events, now)
    if received_at is None and current_record().is_sqlite:
        return record_sharing(viewer, events).result()
    return record_by_itself(viewer, events, now)


def record_many(tx: Transaction, events: pl.DataFrame, meanwhile: Callable[[], object] | None = None) -> int:
    """Record events that their importer has judged; returns how many were new.

    Columns of EVENT_SCHEMA; missing ones are null (`interactions_count`: 1). Times are naive UTC. Learners must be
    enrolled in the courses of the modules. `meanwhile` runs in this thread while another one folds the events.
    """
    return record_frame(tx, events, meanwhile)
