"""The rows of a school in plain Python, such that what is stored agrees with what happened."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from data import models
from data.record import Record, Transaction
from tests.queries.world import LONG_AGO, Enrolment, Module, Touch, World


def write(world: World, record: Record) -> None:
    """Fill an empty record with the school."""
    with record.writing() as tx:
        for model, rows in _rows(world).items():
            if rows:
                tx.execute(insert(model), [{**row, "changed_in": tx.number} for row in rows])


def touch_row(tx: Transaction, learner_id: int, module_id: int, at: datetime) -> None:
    """One more completion in a record that is filled already; of the units' rows only the last activity changes."""
    touch = Touch(learner_id, module_id, at)
    event = _event_row(2_000_000 + 1000 * learner_id + module_id, touch)
    tx.execute(insert(models.ProgressEvent), [{**event, "changed_in": tx.number}])
    tx.execute(insert(models.ModuleProgress), [{**_module_progress_row(touch), "changed_in": tx.number}])
    module = tx.execute(
        select(models.Module.unit_id, models.Module.course_id).where(models.Module.id == module_id)
    ).one()
    _be_active(tx, models.UnitProgress, models.UnitProgress.unit_id == module.unit_id, touch)
    _be_active(tx, models.CourseProgress, models.CourseProgress.course_id == module.course_id, touch)


def _be_active(tx: Transaction, model: Any, subject: Any, touch: Touch) -> None:
    own = (model.user_id == touch.learner_id, subject)
    stored = tx.execute(select(model.last_activity_at, model.last_own_activity_at).where(*own))
    for moments in stored.all():  # none of a learner who is not enrolled
        last, last_own = (max(moment or touch.at, touch.at) for moment in moments)
        later = {"last_activity_at": last, "last_own_activity_at": last_own, "changed_in": tx.number}
        tx.execute(update(model).where(*own).values(later))


def future_event_row(tx: Transaction, learner_id: int, module_id: int, reported_at: datetime, at: datetime) -> None:
    """One more event, which was reported for a time after its arrival."""
    row = _event_row(1_000_000, Touch(learner_id, module_id, at))
    tx.execute(insert(models.ProgressEvent), [{**row, "reported_at": reported_at, "changed_in": tx.number}])


def event_beyond_the_end_row(
    tx: Transaction, learner_id: int, module_id: int, at: datetime, position: float | None, watched: str | None
) -> None:
    """One more event of a lecture that lasts a minute."""
    row = _event_row(1_000_001, Touch(learner_id, module_id, at))
    told = {"position_seconds": position, "watched_intervals": watched, "changed_in": tx.number}
    tx.execute(insert(models.ProgressEvent), [{**row, **told}])
    lecture = {"kind": "lecture", "duration_seconds": 60, "changed_in": tx.number}
    tx.execute(update(models.Module).where(models.Module.id == module_id).values(lecture))


def _rows(world: World) -> dict[Any, list[dict[str, Any]]]:
    """The rows of every table, in the order in which they refer to each other."""
    return {
        models.School: [{"id": 1, "name": "School", "time_zone": world.time_zone}],
        models.User: [
            {
                "id": id_,
                "full_name": name,
                "external_id": f"person-{id_}",
                "is_active": True,
                "school_id": 1,
                "created_at": LONG_AGO,
            }
            for id_, name in world.names.items()
        ],
        models.UserRole: [{"user_id": user_id, "role": role} for user_id, role in world.roles],
        models.Guardian: [
            {"guardian_id": guardian, "learner_id": child, "relationship": "guardian"}
            for guardian, child in world.guardians
        ],
        models.Course: [
            {"id": id_, "school_id": 1, "external_id": f"course-{id_}", "title": f"Course {id_:04}", "ends_on": ends_on}
            for id_, ends_on in world.courses.items()
        ],
        models.Unit: [
            {"id": id_, "course_id": course, "external_id": f"unit-{id_}", "title": f"Unit {id_}", "position": id_}
            for id_, course in world.units.items()
        ],
        models.Module: [_module_row(module) for module in world.modules.values()],
        models.ModuleSpan: [
            {"module_id": module.id, "starts_at": module.published_at, "ends_at": module.retired_at}
            for module in world.modules.values()
            if module.published_at is not None and module.is_required
        ],
        models.SchoolClass: [
            {"id": id_, "course_id": course, "school_id": 1, "name": f"Class {id_:04}", "external_id": f"class-{id_}"}
            for id_, course in world.classes.items()
        ],
        models.ClassLearner: _memberships(world, world.class_learners),
        models.ClassTeacher: _memberships(world, world.class_teachers),
        models.Enrolment: [_enrolment_row(enrolment) for enrolment in world.enrolments],
        models.ProgressEvent: [
            row for number, touch in enumerate(world.touches.values(), 1) for row in _event_rows(number, touch)
        ],
        models.ModuleProgress: [_module_progress_row(touch) for touch in world.touches.values()],
        models.UnitProgress: [
            _unit_progress_row(world, enrolment.learner_id, unit_id)
            for enrolment in world.enrolments
            for unit_id in world.units_of(enrolment.course_id)
        ],
        models.CourseProgress: [
            _course_progress_row(world, enrolment.learner_id, enrolment.course_id) for enrolment in world.enrolments
        ],
    }


def _memberships(world: World, pairs: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Who has no spans was in the class all the time."""
    whole = [(LONG_AGO.date(), None)]
    return [
        {"class_id": class_id, "user_id": user_id, "joined_on": joined_on, "left_on": left_on}
        for class_id, user_id in pairs
        for joined_on, left_on in world.spans.get((class_id, user_id), whole)
    ]


def _module_row(module: Module) -> dict[str, Any]:
    return {
        "id": module.id,
        "course_id": module.course_id,
        "unit_id": module.unit_id,
        "external_id": f"module-{module.id}",
        "title": f"Module {module.id}",
        "kind": module.kind,
        "position": module.position,
        "is_required": module.is_required,
        "duration_seconds": 600.0 if module.kind == "lecture" else None,
        "media_url": module.media_url,
        "completion_rule": "viewed",
        "published_at": module.published_at,
        "retired_at": module.retired_at,
    }


def _enrolment_row(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "user_id": enrolment.learner_id,
        "course_id": enrolment.course_id,
        "status": enrolment.status,
        "enrolled_at": enrolment.enrolled_at,
        "dropped_at": enrolment.dropped_at,
        "completed_at": enrolment.completed_at,
        "completed_by": "source" if enrolment.completed_at else None,
    }


def _event_rows(number: int, touch: Touch) -> list[dict[str, Any]]:
    row = {**_event_row(number, touch), "reason": None}
    if not touch.is_reset:
        return [row]
    ids = {"id": number + 500_000, "event_id": f"reset {number}"}
    at = touch.at + timedelta(minutes=1)
    said = {"kind": "reset", "authority": "staff", "reason": "Copied", "occurred_at": at, "received_at": at}
    return [row, {**row, **ids, **said}]


def _event_row(number: int, touch: Touch) -> dict[str, Any]:
    return {
        "id": number,
        "source": "world",
        "event_id": str(number),
        "user_id": touch.learner_id,
        "module_id": touch.module_id,
        "kind": "completed" if touch.is_complete else "played",
        "authority": touch.authority,
        "occurred_at": touch.at,
        "received_at": touch.at,
    }


def _module_progress_row(touch: Touch) -> dict[str, Any]:
    stands = not touch.is_reset
    status = "completed" if touch.is_complete else "in_progress"
    return {
        "user_id": touch.learner_id,
        "module_id": touch.module_id,
        "status": status if stands else "not_started",
        "completion_percentage": touch.percentage if stands else 0.0,
        "started_at": touch.at if stands else None,
        "completed_at": touch.at if touch.is_complete else None,
        "last_activity_at": touch.at if stands else None,
        "last_own_activity_at": touch.at if touch.is_own else None,
        "score": touch.score,
        "position_seconds": touch.position_seconds,
        "watched_intervals": touch.watched_intervals,
    }


def _unit_progress_row(world: World, learner_id: int, unit_id: int) -> dict[str, Any]:
    standing = world.standing(learner_id, unit_id)
    return {
        "user_id": learner_id,
        "unit_id": unit_id,
        "completion_percentage": 100 * standing.completed / standing.total if standing.total else None,
        "completed_modules_count": standing.completed,
        "total_modules": standing.total,
        "completed_at": standing.earned_at,
        "last_completed_at": standing.last_completed_at,
        **_last_activity(world, learner_id, lambda module: module.unit_id == unit_id),
    }


def _course_progress_row(world: World, learner_id: int, course_id: int) -> dict[str, Any]:
    standings = [world.standing(learner_id, unit_id) for unit_id in world.units_of(course_id)]
    counting = [standing for standing in standings if standing.total]
    done = [standing for standing in counting if standing.is_complete]
    moments = [standing.last_completed_at for standing in counting if standing.last_completed_at]
    earned = max(moments) if 0 < len(counting) == len(done) else None
    return {
        "user_id": learner_id,
        "course_id": course_id,
        "completion_percentage": 100 * len(done) / len(counting) if counting else None,
        "completed_units_count": len(done),
        "total_units": len(counting),
        "completed_modules_count": sum(standing.completed for standing in counting),
        "total_modules": sum(standing.total for standing in counting),
        "completed_at": world.completed_courses.get((learner_id, course_id), earned),
        "last_completed_at": max(moments, default=None),
        **_last_activity(world, learner_id, lambda module: module.course_id == course_id),
    }


def _last_activity(world: World, learner_id: int, is_in: Callable[[Module], bool]) -> dict[str, datetime | None]:
    touches = [
        touch
        for touch in world.touches.values()
        if touch.learner_id == learner_id and is_in(world.modules[touch.module_id])
    ]
    return {
        "last_activity_at": max((touch.at for touch in touches if not touch.is_reset), default=None),
        "last_own_activity_at": max((touch.at for touch in touches if touch.is_own), default=None),
    }
