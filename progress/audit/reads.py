"""Noting what people look at and take out. Nobody waits for it: a reader must not wait for writers.

A person looked up by the same administrator again within a quarter of an hour is one look.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from data.record import Record, current_record
from data.viewer import Viewer
from progress.audit.noting import Detail, note_many

SECONDS_OF_ONE_LOOK = 15 * 60
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
    """Note that an administrator looked someone up. Looking at oneself is not noted, nor what others may see."""
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
    _note_soon(_Read(record, "person.looked_up", viewer.user_id, user_id))


def note_export(viewer: Viewer, what: str, form: str, **filters: int) -> None:
    """Note that someone took rows out as a file."""
    _note_soon(_Read(current_record(), "export.taken", viewer.user_id, None, {"what": what, "format": form, **filters}))


def finish_noting() -> None:
    """Wait until everything that was noted by now is in the record."""
    _writer.submit(lambda: None).result()


def _note_soon(read: _Read) -> None:
    with _lock:
        _waiting.append(read)
        is_first = len(_waiting) == 1
    if is_first:
        _writer.submit(_write_waiting)


def _write_waiting() -> None:
    """All that wait by now, in one transaction a record."""
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
        except SQLAlchemyError:  # what was read was read; the log keeps what the trail cannot
            lost = [(read.kind, read.by, read.subject_id, read.details) for read in reads if read.record is record]
            _log.exception("the audit trail could not be written: %s", lost)
