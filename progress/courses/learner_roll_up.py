"""Roll up the unit and course rows of a few learners in plain Python. `roll_up` does the same for many in columns."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from data.bulk import any_of, list_parameter
from data.models import CourseProgress, Module, ModuleProgress, UnitProgress
from data.record import Transaction
from data.row import find_rows, upsert_rows
from progress.completion.course_shape import CourseShape
from progress.completion.standing import course_standing, unit_standing
from progress.courses.key_evidence import key_evidence

InModule = tuple[int, int]  # (learner id, module id)
InCourse = tuple[int, int]  # (learner id, course id)


def roll_up_modules(tx: Transaction, moved: Mapping[InModule, CourseShape]) -> list[dict[str, Any]]:
    """Upsert the rows of these modules' units and courses from what is complete now; returns the course rows."""
    courses = {(learner_id, shape.course_id): shape for (learner_id, _), shape in moved.items()}
    units = {(learner_id, shape.modules[module_id].unit_id): shape for (learner_id, module_id), shape in moved.items()}
    completions = _completions(tx, courses)
    unit_rows = [
        {"user_id": learner, "unit_id": unit, **vars(unit_standing(shape, unit, completions[learner, shape.course_id]))}
        for (learner, unit), shape in units.items()
    ]
    course_rows = [
        {
            "user_id": learner,
            "course_id": course,
            **vars(course_standing(shape, completions[learner, course], key_evidence(tx, shape, learner))),
        }
        for (learner, course), shape in courses.items()
    ]
    upsert_rows(tx, UnitProgress, unit_rows)
    upsert_rows(tx, CourseProgress, course_rows)
    return course_rows


def _completions(tx: Transaction, pairs: Collection[InCourse]) -> Mapping[InCourse, dict[int, datetime]]:
    """By learner and course: when each completed module was completed."""
    learners, courses = zip(*pairs, strict=True)
    bound = {"user_ids": list_parameter(tx, learners), "course_ids": list_parameter(tx, courses)}
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
