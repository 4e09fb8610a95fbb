"""The only way to record events: `record` judges them, `record_many` takes a frame that an importer has judged.

Either way each event is stored once, its module's progress is updated and the `consequences` run, all in one
transaction. On SQLite each commit waits for the disk, so waiting callers share a transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple

import polars as pl
from sqlalchemy.exc import IntegrityError

from data.record import Record, Transaction, current_record
from data.viewer import Viewer
from progress.audit.noting import note_many
from progress.recording.events import NewEvent, Verdict
from progress.recording.in_columns import frame_of_accepted, record_frame
from progress.recording.in_memory import record_accepted
from progress.recording.screening import Accepted, open_screening

# From this many events on, columns are quicker. 1,000 events take 140 ms in columns and 110 in memory on SQLite, and
# 440 and 560 ms on PostgreSQL.
COLUMNS_FROM = {"sqlite": 2_000, "postgresql": 500}


class _Submission(NamedTuple):
    """One caller's events, and the future for their verdicts."""

    viewer: Viewer
    events: Sequence[NewEvent]
    verdicts: "Future[list[Verdict]]"


_waiting: list[_Submission] = []
_one_at_a_time = ThreadPoolExecutor(1, thread_name_prefix="recording")


def record(
    viewer: Viewer,
    events: Sequence[NewEvent],
    *,
    within: Transaction | None = None,
    received_at: datetime | None = None,
) -> list[Verdict]:
    """Record on the viewer's authority what they may record; returns a verdict for each event, in order.

    Returns once everything is durable, unless `within` is the caller's own transaction; then it raises IntegrityError
    if someone has just stored the same event. `received_at` is now by default.
    """
    now = received_at or datetime.now(UTC)
    if within is not None:
        return _record_within(within, viewer, events, now)
    if received_at is None and current_record().is_sqlite:
        return _submitted(viewer, events).result()
    return _record_by_itself(viewer, events, now)


def record_many(tx: Transaction, events: pl.DataFrame, meanwhile: Callable[[], object] | None = None) -> int:
    """Record events that their importer has judged; returns how many were new.

    Columns of EVENT_SCHEMA; missing ones are null (`interactions_count`: 1). Times are naive UTC. Learners must be
    enrolled in the courses of the modules. `meanwhile` runs in this thread while another computes module states.
    """
    return record_frame(tx, events, meanwhile)


def _record_within(tx: Transaction, viewer: Viewer, events: Sequence[NewEvent], received_at: datetime) -> list[Verdict]:
    screening = open_screening(tx, viewer, events, received_at)
    judged = [screening.judge(event) for event in events]
    accepted = [item for item in judged if isinstance(item, Accepted)]
    _note_resets(tx, viewer, accepted)
    if len(accepted) < COLUMNS_FROM[tx.connection.dialect.name]:
        record_accepted(tx, viewer, accepted, received_at)
    else:
        record_frame(tx, frame_of_accepted(viewer, accepted, received_at))
    return [Verdict(item.event.event_id, "created") if isinstance(item, Accepted) else item for item in judged]


def _note_resets(tx: Transaction, viewer: Viewer, accepted: Sequence[Accepted]) -> None:
    resets = [item.event for item in accepted if item.event.kind == "reset"]
    rows = [{"subject_id": event.learner_id, "details": {"module_id": event.module_id}} for event in resets]
    note_many(tx, "progress.reset", rows, by=viewer.user_id)


def _record_by_itself(viewer: Viewer, events: Sequence[NewEvent], received_at: datetime) -> list[Verdict]:
    try:
        return _record_in_one(current_record(), viewer, events, received_at)
    except IntegrityError:
        # Someone else stored the same event after we looked. Trying again finds it there.
        return _record_in_one(current_record(), viewer, events, received_at)


def _record_in_one(record: Record, viewer: Viewer, events: Sequence[NewEvent], received_at: datetime) -> list[Verdict]:
    with record.writing() as tx:
        return _record_within(tx, viewer, events, received_at)


def _submitted(viewer: Viewer, events: Sequence[NewEvent]) -> "Future[list[Verdict]]":
    submission = _Submission(viewer, events, Future())
    _waiting.append(submission)
    _one_at_a_time.submit(_record_waiting, current_record())
    return submission.verdicts


def _record_waiting(record: Record) -> None:
    batch = _waiting[:]
    del _waiting[: len(batch)]
    if not batch:
        return  # already recorded in an earlier batch
    try:
        verdicts = _record_batch(record, batch)
    except Exception:
        _record_separately(batch)  # one of them must not spoil it for the others
        return
    for submission in batch:
        submission.verdicts.set_result([next(verdicts) for _ in submission.events])


def _record_batch(record: Record, batch: Sequence[_Submission]) -> Iterator[Verdict]:
    """Record all submissions in one transaction; the verdicts come in their order."""
    found: list[Verdict] = []
    now = datetime.now(UTC)
    with record.writing() as tx:
        for viewer, of_viewer in groupby(batch, key=lambda submission: submission.viewer):
            events = [event for submission in of_viewer for event in submission.events]
            found += _record_within(tx, viewer, events, now)
    return iter(found)


def _record_separately(submissions: Sequence[_Submission]) -> None:
    for viewer, events, verdicts in submissions:
        try:
            verdicts.set_result(_record_by_itself(viewer, events, datetime.now(UTC)))
        except Exception as error:
            verdicts.set_exception(error)
