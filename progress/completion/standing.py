"""One learner's unit and course progress, derived from the completed modules and from what counted when.

If the course has a completion rule, its `completed_at` also depends on the events of key modules.
`standings` gives the same answer for many learners at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from progress.completion.course_parts import Epoch
from progress.completion.course_shape import CourseShape
from progress.completion.course_terms import Completions, KeyEvidence, completion_moment


@dataclass(frozen=True)
class UnitStanding:
    """A learner's row of `unit_progress`, without the ids."""

    completion_percentage: float | None
    completed_modules_count: int
    total_modules: int
    completed_at: datetime | None
    last_completed_at: datetime | None


@dataclass(frozen=True)
class CourseStanding:
    """A learner's row of `course_progress`, without the ids."""

    completion_percentage: float | None
    completed_units_count: int
    total_units: int
    completed_modules_count: int
    total_modules: int
    completed_at: datetime | None
    last_completed_at: datetime | None


def unit_standing(shape: CourseShape, unit_id: int, completions: Completions) -> UnitStanding:
    """`completions` maps each completed module of the course to when it was completed."""
    counting = shape.counting_by_unit[unit_id]
    done = counting & completions.keys()
    return UnitStanding(
        completion_percentage=percentage(len(done), len(counting)),
        completed_modules_count=len(done),
        total_modules=len(counting),
        completed_at=first_complete(shape.epochs_of_unit(unit_id), completions),
        last_completed_at=_latest(done, completions),
    )


def course_standing(shape: CourseShape, completions: Completions, evidence: KeyEvidence) -> CourseStanding:
    """Units without a counting module do not count in the total. `evidence` holds the events of the key modules."""
    done = shape.counting & completions.keys()
    units = [counting for counting in shape.counting_by_unit.values() if counting]
    completed_units = sum(counting <= done for counting in units)
    return CourseStanding(
        completion_percentage=percentage(completed_units, len(units)),
        completed_units_count=completed_units,
        total_units=len(units),
        completed_modules_count=len(done),
        total_modules=len(shape.counting),
        completed_at=_completed_at(shape, completions, evidence),
        last_completed_at=_latest(done, completions),
    )


def percentage(done: int, total: int) -> float | None:
    """The percentage, not rounded; None if the total is zero."""
    return 100 * done / total if total else None


def first_complete(epochs: Iterable[Epoch], completions: Completions) -> datetime | None:
    """The first moment at which everything that counted then was complete. Later changes to content do not move it."""
    for epoch in epochs:
        if epoch.module_ids <= completions.keys():
            moment = max(epoch.starts_at, *(completions[module] for module in epoch.module_ids))
            if epoch.ends_at is None or moment < epoch.ends_at:
                return moment
    return None


def _completed_at(shape: CourseShape, completions: Completions, evidence: KeyEvidence) -> datetime | None:
    if not shape.rule_versions:
        return first_complete(shape.epochs, completions)
    return completion_moment(shape.grants, completions, evidence)


def _latest(done: Iterable[int], completions: Completions) -> datetime | None:
    return max((completions[module] for module in done), default=None)
