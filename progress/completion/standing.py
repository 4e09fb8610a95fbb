"""One learner's stored unit and course progress, derived from which modules are complete and what counted when.

Where the course has a completion rule, events of key modules decide on the course's `completed_at` besides.
Pure; `roll_up_set` gives the same answer for many learners at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from progress.completion.course_parts import Epoch
from progress.completion.course_shape import CourseShape
from progress.completion.course_terms import Completions, KeyEvidence, first_granted


@dataclass(frozen=True)
class UnitRow:
    """What is stored of a learner in a unit, ids aside."""

    completion_percentage: float | None
    completed_modules_count: int
    total_modules: int
    completed_at: datetime | None
    last_completed_at: datetime | None


@dataclass(frozen=True)
class CourseRow:
    """What is stored of a learner in a course, ids aside."""

    completion_percentage: float | None
    completed_units_count: int
    total_units: int
    completed_modules_count: int
    total_modules: int
    completed_at: datetime | None
    last_completed_at: datetime | None


def unit_row(shape: CourseShape, unit_id: int, completions: Completions) -> UnitRow:
    """`completions` maps each completed module of the course to the moment of its completion."""
    counting = shape.counting_by_unit[unit_id]
    done = counting & completions.keys()
    return UnitRow(
        completion_percentage=percentage(len(done), len(counting)),
        completed_modules_count=len(done),
        total_modules=len(counting),
        completed_at=first_complete(shape.epochs_of_unit(unit_id), completions),
        last_completed_at=_latest(done, completions),
    )


def course_row(shape: CourseShape, completions: Completions, evidence: KeyEvidence) -> CourseRow:
    """Units without a counting module are no part of the course's total. `evidence` is for the shape's key modules."""
    done = shape.counting & completions.keys()
    units = [counting for counting in shape.counting_by_unit.values() if counting]
    completed_units = sum(counting <= done for counting in units)
    return CourseRow(
        completion_percentage=percentage(completed_units, len(units)),
        completed_units_count=completed_units,
        total_units=len(units),
        completed_modules_count=len(done),
        total_modules=len(shape.counting),
        completed_at=_completed_at(shape, completions, evidence),
        last_completed_at=_latest(done, completions),
    )


def percentage(done: int, total: int) -> float | None:
    """Exact, not rounded; nothing of nothing has none."""
    return 100 * done / total if total else None


def first_complete(epochs: Iterable[Epoch], completions: Completions) -> datetime | None:
    """The first moment at which everything that counted then was complete. Later changes of content never move it."""
    for epoch in epochs:
        if epoch.module_ids <= completions.keys():
            moment = max(epoch.starts_at, *(completions[module] for module in epoch.module_ids))
            if epoch.ends_at is None or moment < epoch.ends_at:
                return moment
    return None


def _completed_at(shape: CourseShape, completions: Completions, evidence: KeyEvidence) -> datetime | None:
    if not shape.rule_versions:
        return first_complete(shape.epochs, completions)
    return first_granted(shape.grants, completions, evidence)


def _latest(done: Iterable[int], completions: Completions) -> datetime | None:
    return max((completions[module] for module in done), default=None)
