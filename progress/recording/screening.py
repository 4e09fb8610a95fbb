"""Judging which events of a viewer are accepted, and why others are not. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from data.bulk import any_of, list_parameter
from data.locks import lock_for_recording, lock_learners
from data.models import Module, ModuleProgress, ProgressEvent
from data.record import Transaction
from data.row import find_rows
from data.viewer import Viewer
from progress.completion.course_parts import ModuleFacts
from progress.completion.course_shape import CourseShape
from progress.courses.course_shapes import course_shape
from progress.people.access import authority, enrolled_pairs, taught_pairs
from progress.recording.events import NewEvent, Verdict, effective_time, refusal

NOT_YOURS = "There is no such learner among those for whom you may record progress."
NOT_IN_REACH = "There is no such module among those in which you may record for this learner."
NO_SUCH_MODULE = "There is no such module."


@dataclass(frozen=True)
class Accepted:
    """An event that will be stored, with what the roll-up needs to know."""

    event: NewEvent
    authority: str
    occurred_at: datetime
    shape: CourseShape

    @property
    def reported_at(self) -> datetime | None:
        """The reported time, if the event counts as of another moment."""
        return self.event.occurred_at if self.event.occurred_at != self.occurred_at else None


@dataclass
class Screening:
    """What one transaction has read to judge a list of events."""

    viewer: Viewer
    received_at: datetime
    shapes: Mapping[int, CourseShape]
    taught: set[tuple[int, int]]
    enrolled: set[tuple[int, int]]
    known: set[tuple[str, str]]
    resets: dict[tuple[int, int], datetime]

    def judge(self, event: NewEvent) -> Accepted | Verdict:
        reason = refusal(event) or self._refusal_of_person(event)
        if reason is not None:
            return Verdict(event.event_id, "refused", reason)
        if (event.source, event.event_id) in self.known:
            return Verdict(event.event_id, "duplicate")
        self.known.add((event.source, event.event_id))
        if event.kind == "reset":
            self._remember_reset(event)
        word = self._authority(event)
        authority_of_event = "system" if word == "staff" and event.is_a_systems_word else word
        return Accepted(event, authority_of_event, self._time(event), self.shapes[event.module_id])

    def _authority(self, event: NewEvent) -> str:
        taught = (event.learner_id, self.shapes[event.module_id].course_id) in self.taught
        return authority(self.viewer, event.learner_id, taught) or ""

    def _refusal_of_person(self, event: NewEvent) -> str | None:
        shape = self.shapes.get(event.module_id)
        word = "" if shape is None else self._authority(event)
        if shape is None or not word or (event.learner_id, shape.course_id) not in self.enrolled:
            return self._refusal_of_pair(event.learner_id, is_module=shape is not None)
        facts = shape.modules[event.module_id]
        return self._refusal_of_learner(event, facts) if word == "learner" else self._refusal_of_staff(event)

    def _refusal_of_pair(self, learner_id: int, *, is_module: bool) -> str:
        """The refusal's reason. Only administrators learn whether the module exists elsewhere."""
        if self.viewer.sees_everyone:
            return "No learner with this id is enrolled in this module's course." if is_module else NO_SUCH_MODULE
        is_taught = any(learner == learner_id for learner, _ in self.taught)
        return NOT_IN_REACH if authority(self.viewer, learner_id, is_taught) else NOT_YOURS

    def _refusal_of_learner(self, event: NewEvent, facts: ModuleFacts) -> str | None:
        if facts.published_at is None:
            return NOT_IN_REACH
        if facts.published_at > self.received_at:
            return "This module is not open yet."
        if event.kind in ("scored", "reset") or event.score is not None:
            return "Only a teacher or an administrator may record this."
        return None

    def _refusal_of_staff(self, event: NewEvent) -> str | None:
        reset_at = self.resets.get((event.learner_id, event.module_id))
        if reset_at is None or event.kind == "reset" or self._time(event) > reset_at:
            return None
        return f"The module was set back on {reset_at:%d %B %Y at %H:%M} UTC. Choose a later time."

    def _time(self, event: NewEvent) -> datetime:
        return effective_time(event, self.received_at)

    def _remember_reset(self, event: NewEvent) -> None:
        pair = (event.learner_id, event.module_id)
        self.resets[pair] = max(self._time(event), self.resets.get(pair, self._time(event)))


def open_screening(tx: Transaction, viewer: Viewer, events: Sequence[NewEvent], received_at: datetime) -> Screening:
    """Read what is needed to judge these events, and take the locks that keep it true until the transaction ends."""
    learners = {event.learner_id for event in events}
    courses = _courses_of(tx, {event.module_id for event in events})
    lock_for_recording(tx, courses.values())
    lock_learners(tx, learners, courses.values())
    return Screening(
        viewer=viewer,
        received_at=received_at,
        shapes={module: course_shape(tx, course) for module, course in courses.items()},
        taught=taught_pairs(tx, viewer, learners),
        enrolled=enrolled_pairs(tx, learners, set(courses.values())),
        known=_known(tx, events),
        resets=_resets(tx, learners, courses),
    )


def _courses_of(tx: Transaction, module_ids: Iterable[int]) -> dict[int, int]:
    rows = find_rows(tx, _courses_of_any(tx.is_sqlite), {"module_ids": list_parameter(tx, module_ids)})
    return {row.id: row.course_id for row in rows}


def _known(tx: Transaction, events: Sequence[NewEvent]) -> set[tuple[str, str]]:
    known: set[tuple[str, str]] = set()
    for source in {event.source for event in events}:
        ids = [event.event_id for event in events if event.source == source]
        stored = find_rows(tx, _known_of_any(tx.is_sqlite), {"source": source, "event_ids": list_parameter(tx, ids)})
        known.update((source, row.event_id) for row in stored)
    return known


def _resets(tx: Transaction, learner_ids: Iterable[int], module_ids: Iterable[int]) -> dict[tuple[int, int], datetime]:
    bound = {"learner_ids": list_parameter(tx, learner_ids), "module_ids": list_parameter(tx, module_ids)}
    rows = find_rows(tx, _resets_of_any(tx.is_sqlite), bound)
    return {(row.user_id, row.module_id): row.reset_at for row in rows}


@lru_cache(maxsize=2)
def _courses_of_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return select(Module.id, Module.course_id).where(any_of(Module.id, "module_ids", is_sqlite))


@lru_cache(maxsize=2)
def _known_of_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return select(ProgressEvent.event_id).where(
        ProgressEvent.source == bindparam("source"), any_of(ProgressEvent.event_id, "event_ids", is_sqlite)
    )


@lru_cache(maxsize=2)
def _resets_of_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return select(ModuleProgress.user_id, ModuleProgress.module_id, ModuleProgress.reset_at).where(
        any_of(ModuleProgress.user_id, "learner_ids", is_sqlite),
        any_of(ModuleProgress.module_id, "module_ids", is_sqlite),
        ModuleProgress.reset_at.is_not(None),
    )
