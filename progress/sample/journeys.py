"""Which modules each learner of the sample school reached and when, as a term of events."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import polars as pl

from progress.completion import intervals
from progress.completion.intervals import Interval
from progress.recording.in_columns import EVENT_SCHEMA
from progress.sample.courses import SampleCourse, SampleModule
from progress.sample.personas import Persona
from progress.sample.study import Happening, Learner, study, watch_parts
from progress.sample.term import Term

SOURCE = "sample"
_IS_IN_THE_MIDDLE = 0.75


@dataclass(frozen=True)
class Seat:
    """One learner in one course. `external_id` is the learner's; `marker_id` marks their work.

    `begun` has the lectures that are left unfinished, by external id, with what was watched in each sitting.
    """

    user_id: int
    external_id: str
    course: SampleCourse
    persona: Persona
    marker_id: int
    begun: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)

    def enrolled_on(self, term: Term) -> date:
        return term.week(self.persona.joins_in_week) if self.persona.joins_in_week else term.enrols_on

    def enrolled_at(self, term: Term) -> datetime:
        return term.at(self.enrolled_on(term), time(9))

    def active_until(self, term: Term) -> date:
        week = self.persona.is_active_until_week
        return term.week(week) if week else term.today


def events_of(seats: list[Seat], term: Term) -> pl.DataFrame:
    """A term of events (EVENT_SCHEMA). The same seats and term always give the same events."""
    return pl.DataFrame([row for seat in seats for row in _rows(seat, term)], schema=EVENT_SCHEMA, orient="row")


def _rows(seat: Seat, term: Term) -> Iterator[tuple[Any, ...]]:
    """Learners' own events end with their time in the course; marks can come later."""
    learner = Learner(seat.persona, Random(f"{seat.external_id} {seat.course.external_id}"), term, seat.marker_id)
    last_moments = {"learner": term.at(seat.active_until(term), time(0)), "system": term.now, "staff": term.now}
    for module, happenings in _studied(learner, _openings(learner, seat), seat.begun):
        for number, happening in enumerate(happenings, start=1):
            if happening.occurred_at < last_moments[happening.authority]:
                event_id = f"{seat.external_id}/{module.external_id}/{number}"
                yield _row(event_id, seat.user_id, module.module_id, happening)


def _studied(
    learner: Learner, openings: list[tuple[SampleModule, datetime]], begun: Mapping[str, tuple[Interval, ...]]
) -> Iterator[tuple[SampleModule, list[Happening]]]:
    """What the learner does in each module. Many are in the middle of their latest one."""
    for place, (module, opened_at) in enumerate(openings, start=1):
        happenings = study(learner, module, opened_at)
        is_last = place == len(openings) and learner.persona.finishes < 1
        if is_last and learner.random.random() < _IS_IN_THE_MIDDLE:
            happenings = happenings[:1]
        if module.external_id in begun:
            happenings = watch_parts(begun[module.external_id], opened_at)
        yield module, happenings


def _openings(learner: Learner, seat: Seat) -> list[tuple[SampleModule, datetime]]:
    """The modules that the learner reaches, in order, each with the moment when they open it."""
    random, persona, modules = learner.random, learner.persona, seat.course.modules
    reached = modules[: round(random.uniform(*persona.reach) * len(modules))]
    chosen = [module for module in reached if module.is_required or random.random() < persona.extras]
    first, last = learner.term.week(persona.joins_in_week), seat.active_until(learner.term)
    moments = learner.term.moments(random, len(chosen), first, last)
    return [
        (module, moment)
        for module, moment in zip(chosen, moments, strict=True)
        if module.retired_at is None or moment < module.retired_at - timedelta(days=1)
    ]


def _row(event_id: str, user_id: int, module_id: int, happening: Happening) -> tuple[Any, ...]:
    occurred_at = happening.occurred_at.replace(tzinfo=None)
    values = {
        "source": SOURCE,
        "event_id": event_id,
        "user_id": user_id,
        "module_id": module_id,
        "kind": happening.kind,
        "authority": happening.authority,
        "recorded_by": happening.marked_by,
        "occurred_at": occurred_at,
        "received_at": occurred_at + timedelta(seconds=2),
        "score": happening.score,
        "position_seconds": happening.position_seconds,
        "watched_intervals": intervals.render(happening.watched),
        "interactions_count": 1,
    }
    return tuple(values.get(name) for name in EVENT_SCHEMA)
