"""The stored unit and course rows of a few learners, read and written in memory. `roll_up` does the same in columns."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from data.bulk import any_of, listed
from data.models import CourseProgress, Module, ModuleProgress, UnitProgress
from data.record import Transaction
from data.row import find_rows, upsert_rows
from progress.completion.course_shape import CourseShape
from progress.completion.standing import course_row, unit_row
from progress.courses.key_evidence import key_evidence

# (learner, module) and (learner, course), by their ids.
InModule = tuple[int, int]
InCourse = tuple[int, int]


def roll_up_few(tx: Transaction, moved: Mapping[InModule, CourseShape]) -> list[dict[str, Any]]:
    """Set the rows of the units and courses of these modules from what is complete now; returns the courses' rows."""
    courses = {(learner_id, shape.course_id): shape for (learner_id, _), shape in moved.items()}
    units = {(learner_id, shape.modules[module_id].unit_id): shape for (learner_id, module_id), shape in moved.items()}
    completions = _completions(tx, courses)
    unit_rows = [
        {"user_id": learner, "unit_id": unit, **vars(unit_row(shape, unit, completions[learner, shape.course_id]))}
        for (learner, unit), shape in units.items()
    ]
    course_rows = [
        {
            "user_id": learner,
            "course_id": course,
            **vars(course_row(shape, completions[learner, course], key_evidence(tx, shape, learner))),
        }
        for (learner, course), shape in courses.items()
    ]
    upsert_rows(tx, UnitProgress, unit_rows)
    upsert_rows(tx, CourseProgress, course_rows)
    return course_rows


def _completions(tx: Transaction, pairs: Collection[InCourse]) -> Mapping[InCourse, dict[int, datetime]]:
    """By learner and course, each completed module with the moment of its completion."""
    learners, courses = zip(*pairs, strict=True)
    bound = {"user_ids": listed(tx, learners), "course_ids": listed(tx, courses)}
    found: dict[InCourse, dict[int, datetime]] = defaultdict(dict)
    for user_id, course_id, module_id, completed_at in find_rows(tx, _completions_of_any(tx.is_sqlite), bound):
        found[user_id, course_id][module_id] = completed_at
    return found


@lru_cache(maxsize=2)
def _completions_of_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(ModuleProgress.user_id, Module.course_id, ModuleProgress.module_id, ModuleProgress.completed_at)
        .join(Module, Module.id == ModuleProgress.module_id)
        .where(
            any_of(ModuleProgress.user_id, "user_ids", is_sqlite),
            any_of(Module.course_id, "course_ids", is_sqlite),
            ModuleProgress.completed_at.is_not(None),
        )
    )
