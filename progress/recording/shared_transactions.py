"""Events of several callers at once in one transaction: on SQLite each commit waits for the disk, and one serves all.

What becomes of an event is decided in `in_transaction`. A caller gets the verdicts once all of theirs is stored.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple

from data.record import Record, current_record
from data.viewer import Viewer
from progress.recording.events import NewEvent, Verdict
from progress.recording.in_transaction import record_by_itself, record_within


class Submission(NamedTuple):
    """What one caller hands in, and where the verdicts go."""

    viewer: Viewer
    events: Sequence[NewEvent]
    verdicts: "Future[list[Verdict]]"


_waiting: list[Submission] = []
_one_at_a_time = ThreadPoolExecutor(1, thread_name_prefix="recording")


def record_sharing(viewer: Viewer, events: Sequence[NewEvent]) -> "Future[list[Verdict]]":
    """Record in another thread. Those who wait meanwhile share the next transaction."""
    submission = Submission(viewer, events, Future())
    _waiting.append(submission)
    _one_at_a_time.submit(_record_waiting, current_record())
    return submission.verdicts


def _record_waiting(record: Record) -> None:
    together = _waiting[:]
    del _waiting[: len(together)]
    if not together:
        return  # recorded by now, with those who came before
    try:
        verdicts = _record(record, together)
    except Exception:
        _record_apart(together)  # one of them must not spoil it for the others
        return
    for submission in together:
        submission.verdicts.set_result([next(verdicts) for _ in submission.events])


def _record(record: Record, together: Sequence[Submission]) -> Iterator[Verdict]:
    """The verdicts on all their events in one transaction, in the order of the submissions."""
    found: list[Verdict] = []
    now = datetime.now(UTC)
    with record.writing() as tx:
        for viewer, of_viewer in groupby(together, key=lambda submission: submission.viewer):
            events = [event for submission in of_viewer for event in submission.events]
            found += record_within(tx, viewer, events, now)
    return iter(found)


def _record_apart(submissions: Sequence[Submission]) -> None:
    for viewer, events, verdicts in submissions:
        try:
            verdicts.set_result(record_by_itself(viewer, events, datetime.now(UTC)))
        except Exception as error:
            verdicts.set_exception(error)
