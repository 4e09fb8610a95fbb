"""When a few learners were last active in units and courses, set from their modules. `roll_up` does it in columns."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Select, Update, bindparam, func, or_, select, update

from data.bulk import any_of, list_parameter
from data.models import CourseProgress, Module, ModuleProgress, UnitProgress, UtcTime
from data.record import Transaction
from data.row import change_rows, find_rows
from progress.completion.course_shape import CourseShape
from progress.courses.learner_roll_up import InModule

# The latest event that counts, and what the learner did last.
Activity = tuple[datetime | None, datetime | None]


def set_last_activity(tx: Transaction, active: Mapping[InModule, CourseShape]) -> None:
    """Set the last activity in the units and courses of these modules (learner, module).

    Read anew from all modules of the course, because a reset moves it back.
    """
    if not active:
        return
    of_units = _activity_of_units(tx, active)
    units = {(learner_id, shape.modules[module_id].unit_id) for (learner_id, module_id), shape in active.items()}
    of_courses: dict[tuple[int, int], list[Activity]] = defaultdict(list)
    for (learner_id, course_id, _), activity in of_units.items():
        of_courses[learner_id, course_id].append(activity)
    _set(tx, _UNIT, {(user, unit): activity for (user, _, unit), activity in of_units.items() if (user, unit) in units})
    _set(tx, _COURSE, {pair: _latest(activities) for pair, activities in of_courses.items()})


def _activity_of_units(tx: Transaction, active: Mapping[InModule, CourseShape]) -> dict[tuple[int, int, int], Activity]:
    """By learner, course and unit: of every unit of these courses in which the learner has touched a module."""
    learners = {learner_id for learner_id, _ in active}
    courses = {shape.course_id for shape in active.values()}
    bound = {"user_ids": list_parameter(tx, learners), "course_ids": list_parameter(tx, courses)}
    rows = find_rows(tx, _activity_of_any(tx.is_sqlite), bound)
    return {(user, course, unit): (last, last_own) for user, course, unit, last, last_own in rows}


def _latest(activities: Collection[Activity]) -> Activity:
    last, last_own = (max(filter(None, moments), default=None) for moments in zip(*activities, strict=True))
    return last, last_own


def _set(tx: Transaction, statement: Update, activity: Mapping[tuple[int, int], Activity]) -> None:
    bound = [
        {"of_user": user, "of_subject": subject, "last": last, "last_own": last_own, "changed_in": tx.number}
        for (user, subject), (last, last_own) in activity.items()
    ]
    change_rows(tx, statement, bound)


def _setting(model: Any, subject: str) -> Update:
    """The update of one row, where it changes anything."""
    last, last_own = bindparam("last", type_=UtcTime()), bindparam("last_own", type_=UtcTime())
    is_news = or_(model.last_activity_at.is_distinct_from(last), model.last_own_activity_at.is_distinct_from(last_own))
    return (
        update(model)
        .where(model.user_id == bindparam("of_user"), getattr(model, subject) == bindparam("of_subject"), is_news)
        .values(last_activity_at=last, last_own_activity_at=last_own, changed_in=_NUMBER)
    )


_NUMBER: BindParameter[int] = bindparam("changed_in")
_UNIT = _setting(UnitProgress, "unit_id")
_COURSE = _setting(CourseProgress, "course_id")


@lru_cache(maxsize=2)
def _activity_of_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    latest = (func.max(ModuleProgress.last_activity_at), func.max(ModuleProgress.last_own_activity_at))
    return (
        select(ModuleProgress.user_id, Module.course_id, Module.unit_id, *latest)
        .join(Module, Module.id == ModuleProgress.module_id)
        .where(any_of(ModuleProgress.user_id, "user_ids", is_sqlite), any_of(Module.course_id, "course_ids", is_sqlite))
        .group_by(ModuleProgress.user_id, Module.course_id, Module.unit_id)
    )
