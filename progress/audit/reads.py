"""Noting what people look at and export, in a thread of its own, because readers must not wait for writers."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from data.record import Record, current_record
from data.viewer import Viewer
from progress.audit.noting import Detail, note_many

SECONDS_OF_ONE_LOOK = 15 * 60  # looking someone up again within this time is not noted again
_MOST_LOOKS = 20_000

_log = logging.getLogger(__name__)
_writer = ThreadPoolExecutor(1, thread_name_prefix="audit-reads")
_lock = Lock()
_looks: dict[tuple[str, int, int], float] = {}
_waiting: list["_Read"] = []


@dataclass(frozen=True)
class _Read:
    record: Record
    kind: str
    by: int
    subject_id: int | None = None
    details: dict[str, Detail] = field(default_factory=dict)


def note_look(viewer: Viewer, user_id: int) -> None:
    """Note that an administrator looked someone up. Not noted: looking at oneself, and what other roles look at."""
    if not viewer.sees_everyone or viewer.user_id == user_id:
        return
    record, now = current_record(), monotonic()
    look = (record.url, viewer.user_id, user_id)
    with _lock:
        if now - _looks.get(look, -SECONDS_OF_ONE_LOOK) < SECONDS_OF_ONE_LOOK:
            return
        if len(_looks) >= _MOST_LOOKS:
            _looks.clear()
        _looks[look] = now
    _queue(_Read(record, "person.looked_up", viewer.user_id, user_id))


def note_export(viewer: Viewer, what: str, form: str, **filters: int) -> None:
    """Note that someone exported rows as a file."""
    _queue(_Read(current_record(), "export.taken", viewer.user_id, None, {"what": what, "format": form, **filters}))


def finish_noting() -> None:
    """Wait until everything noted so far is stored."""
    _writer.submit(lambda: None).result()


def _queue(read: _Read) -> None:
    with _lock:
        _waiting.append(read)
        is_first = len(_waiting) == 1
    if is_first:
        _writer.submit(_write_waiting)


def _write_waiting() -> None:
    """Write all queued entries, in one transaction for each record."""
    with _lock:
        reads = _waiting.copy()
        _waiting.clear()
    for record in {read.record for read in reads}:
        try:
            with record.writing() as tx:
                for read in reads:
                    if read.record is record:
                        row = {"subject_id": read.subject_id, "details": read.details}
                        note_many(tx, read.kind, [row], by=read.by)
        except SQLAlchemyError:  # it has been read already, so at least the log must say so
            lost = [(read.kind, read.by, read.subject_id, read.details) for read in reads if read.record is record]
            _log.exception("the audit trail could not be written: %s", lost)
