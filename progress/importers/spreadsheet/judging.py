"""Judging lines: look up whom and what each one names, record its event, and put the outcome into words."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from data.record import Transaction
from data.school_days import school_day
from data.viewer import Viewer
from progress.importers.spreadsheet.naming import Names, NamesNothing, names_in
from progress.importers.spreadsheet.ordering import one_after_another, repetitions
from progress.importers.spreadsheet.standing import Standings, standings
from progress.importers.spreadsheet.stating import Stated
from progress.importers.spreadsheet.template import EXAMPLE
from progress.recording.entries import Entry, event_of, fault_of
from progress.recording.events import NewEvent, Verdict, source_of
from progress.recording.record import record

SOURCE = "spreadsheet"

_IDS = uuid.UUID("5ba1c0c1-5a0e-4d3c-9d0f-64a2c3a1d9e7")


@dataclass(frozen=True)
class Judged:
    """A line of the sheet for the report. `outcome` is created, unchanged, ignored or refused."""

    line: int
    subject: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class _Named:
    """A line whose learner, course and module exist."""

    entry: Entry
    course_id: int


def judge(tx: Transaction, viewer: Viewer, lines: Sequence[Stated], now: datetime) -> list[Judged]:
    """Record in this transaction what may be recorded; returns the outcome of each line, in order."""
    names = names_in(tx, viewer, [line for line in lines if not line.faults])
    today = school_day(now, viewer.time_zone)
    named = {line.line: _named(line, names, today) for line in lines if not _is_example(line)}
    recordable = {number: found for number, found in named.items() if isinstance(found, _Named)}
    pairs = {(found.entry.learner_id, found.course_id) for found in recordable.values()}
    before = standings(tx, pairs)
    events = _events(tx, viewer, [found.entry for found in recordable.values()], now)
    verdicts = dict(zip(recordable, record(viewer, events, within=tx, received_at=now) if events else [], strict=True))
    change = _Change(before, standings(tx, pairs))
    return [_judged(line, named.get(line.line), verdicts, change) for line in lines]


@dataclass(frozen=True)
class _Change:
    """The learners' percentages in their courses before and after."""

    before: Standings
    after: Standings

    def words(self, found: _Named) -> str:
        pair = (found.entry.learner_id, found.course_id)
        before, after = self.before.get(pair), self.after.get(pair)
        if after is None:
            return ""
        return (
            f"The course stays at {after}%." if before == after else f"The course goes from {before or 0}% to {after}%."
        )


def _is_example(line: Stated) -> bool:
    return (line.learner, line.course, line.module) == EXAMPLE[:3]


def _named(line: Stated, names: Names, today: date) -> _Named | str:
    """Whom and what the line is about, or the reason why it cannot be recorded."""
    if line.faults:
        return " ".join(line.faults)
    try:
        learner_id = names.learner_id(line.learner)
        course_id = names.course_id(line.course)
        module_id = names.module_id(course_id, line.module)
    except NamesNothing as problem:
        return str(problem)
    entry = Entry(learner_id, module_id, line.status, line.score, line.on, line.note)
    return fault_of(entry, today) or _Named(entry, course_id)


def _events(tx: Transaction, viewer: Viewer, entries: Sequence[Entry], now: datetime) -> list[NewEvent]:
    """The lines' events. Equal content gives equal event ids: among all administrators, or for one other person."""
    source = source_of(viewer, SOURCE)
    events = [
        event_of(entry, source=source, event_id=_event_id(entry, count), now=now, time_zone=viewer.time_zone)
        for entry, count in zip(entries, repetitions(entries), strict=True)
    ]
    return one_after_another(tx, events)


def _event_id(entry: Entry, repetition: int) -> str:
    content = (entry.learner_id, entry.module_id, entry.status, entry.score, entry.on, entry.note)
    return str(uuid.uuid5(_IDS, repr((*content, repetition) if repetition else content)))


def _judged(line: Stated, found: _Named | str | None, verdicts: Mapping[int, Verdict], change: _Change) -> Judged:
    if found is None:
        return Judged(line.line, line.subject, "ignored", "This is the template’s example.")
    if isinstance(found, str):
        return Judged(line.line, line.subject, "refused", found)
    verdict = verdicts[line.line]
    if verdict.outcome == "refused":
        return Judged(line.line, line.subject, "refused", verdict.reason or "")
    if verdict.outcome == "duplicate":
        return Judged(line.line, line.subject, "unchanged", "This was recorded before.")
    return Judged(line.line, line.subject, "created", change.words(found))
