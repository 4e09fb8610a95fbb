"""A small school in plain Python, of which the views are asked. `world_rows` writes it to the record."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

NOW = datetime.now(UTC).replace(microsecond=0)
LONG_AGO = NOW - timedelta(days=4000)


@dataclass(frozen=True)
class Module:
    """`published_at` None is hidden, in the future upcoming."""

    id: int
    unit_id: int
    course_id: int
    position: int
    is_required: bool = True
    published_at: datetime | None = LONG_AGO
    retired_at: datetime | None = None
    kind: str = "reading"
    media_url: str | None = None

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.published_at <= NOW

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None and self.retired_at <= NOW

    @property
    def counts(self) -> bool:
        return self.is_required and self.is_published and not self.is_retired


@dataclass(frozen=True)
class Enrolment:
    learner_id: int
    course_id: int
    enrolled_at: datetime
    dropped_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def status(self) -> str:
        return "dropped" if self.dropped_at else "completed" if self.completed_at else "active"


@dataclass(frozen=True)
class Touch:
    """What a learner did in a module: one event, at one moment. Below 100 the module is in progress.

    `authority` is on whose word. `is_reset`: a reset followed a minute later, after which the module is not started.
    """

    learner_id: int
    module_id: int
    at: datetime
    percentage: float = 100.0
    score: float | None = None
    position_seconds: float | None = None
    watched_intervals: str | None = None
    authority: str = "system"
    is_reset: bool = False

    @property
    def is_complete(self) -> bool:
        return self.percentage == 100 and not self.is_reset

    @property
    def is_own(self) -> bool:
        """Whether it is something that the learner did, not something that staff entered."""
        return self.authority != "staff"


@dataclass(frozen=True)
class UnitStanding:
    """A learner's counts in a unit. `earned_at` is when it was first complete, whatever was added since."""

    completed: int
    total: int
    last_completed_at: datetime | None
    earned_at: datetime | None

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.completed


@dataclass
class World:
    """The school's people, courses and what happened.

    `spans`: first and end days in a class, of who was not in it all the time, by class and person.
    `earned` and `completed_courses` hold, by learner, the units and courses completed before more was added to them.
    """

    time_zone: str = "UTC"
    names: dict[int, str] = field(default_factory=dict)
    roles: list[tuple[int, str]] = field(default_factory=list)
    guardians: list[tuple[int, int]] = field(default_factory=list)
    courses: dict[int, date | None] = field(default_factory=dict)
    units: dict[int, int] = field(default_factory=dict)
    modules: dict[int, Module] = field(default_factory=dict)
    enrolments: list[Enrolment] = field(default_factory=list)
    touches: dict[tuple[int, int], Touch] = field(default_factory=dict)
    earned: dict[tuple[int, int], datetime] = field(default_factory=dict)
    completed_courses: dict[tuple[int, int], datetime] = field(default_factory=dict)
    classes: dict[int, int] = field(default_factory=dict)
    class_learners: list[tuple[int, int]] = field(default_factory=list)
    class_teachers: list[tuple[int, int]] = field(default_factory=list)
    spans: dict[tuple[int, int], list[tuple[date, date | None]]] = field(default_factory=dict)
    _ids: Any = field(default_factory=lambda: count(1))

    def person(self, name: str, *roles: str) -> int:
        user_id = next(self._ids)
        self.names[user_id] = name
        self.roles += [(user_id, role) for role in roles]
        return user_id

    def course(self, ends_on: date | None = None) -> int:
        self.courses[course_id := next(self._ids)] = ends_on
        return course_id

    def unit(self, course_id: int) -> int:
        self.units[unit_id := next(self._ids)] = course_id
        return unit_id

    def module(self, unit_id: int, **facts: Any) -> int:
        module_id = next(self._ids)
        self.modules[module_id] = Module(module_id, unit_id, self.units[unit_id], module_id, **facts)
        return module_id

    def unit_of(self, course_id: int, modules: int) -> tuple[int, list[int]]:
        unit_id = self.unit(course_id)
        return unit_id, [self.module(unit_id) for _ in range(modules)]

    def enrol(self, learner_id: int, course_id: int, enrolled_at: datetime = LONG_AGO, **facts: Any) -> None:
        self.enrolments.append(Enrolment(learner_id, course_id, enrolled_at, **facts))

    def touch(self, learner_id: int, module_id: int, at: datetime = LONG_AGO, **facts: Any) -> None:
        self.touches[learner_id, module_id] = Touch(learner_id, module_id, at, **facts)

    def course_of_units(self, units: int) -> tuple[int, list[int]]:
        """A course of units with one module each, and these modules."""
        course_id = self.course()
        return course_id, [self.unit_of(course_id, modules=1)[1][0] for _ in range(units)]

    def learners_with(self, course_id: int, modules: list[int], *completed: int) -> list[int]:
        """One enrolled learner per number, who completed so many of the modules."""
        enrolled = [self.person(f"Learner {number}", "student") for number in range(len(completed))]
        for learner_id, done in zip(enrolled, completed, strict=True):
            self.enrol(learner_id, course_id)
            for module_id in modules[:done]:
                self.touch(learner_id, module_id)
        return enrolled

    def school_class(self, course_id: int, learners: Iterable[int], teacher_id: int | None = None) -> int:
        self.classes[class_id := next(self._ids)] = course_id
        self.class_learners += [(class_id, learner_id) for learner_id in learners]
        self.class_teachers += [(class_id, teacher_id)] if teacher_id else []
        return class_id

    def units_of(self, course_id: int) -> list[int]:
        return [unit_id for unit_id, its_course in self.units.items() if its_course == course_id]

    def standing(self, learner_id: int, unit_id: int) -> UnitStanding:
        counting = [module for module in self.modules.values() if module.unit_id == unit_id and module.counts]
        done = [
            touch.at
            for module in counting
            if (touch := self.touches.get((learner_id, module.id))) is not None and touch.is_complete
        ]
        last = max(done, default=None)
        earned = last if 0 < len(counting) == len(done) else None
        return UnitStanding(len(done), len(counting), last, self.earned.get((learner_id, unit_id), earned))
