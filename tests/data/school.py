"""A small school written straight into the record's tables, for tests of what reads those tables."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from data.bulk import upsert
from data.models import (
    Base,
    Course,
    CourseProgress,
    Enrolment,
    Module,
    ModuleProgress,
    ProgressEvent,
    School,
    Unit,
    UnitProgress,
    User,
)
from data.record import Record, Transaction

START = datetime(2025, 1, 6)
LEARNERS = range(1, 6)
MODULES = range(1, 7)  # module m belongs to course 1 where m is odd, else to course 2; each course is its one unit


def write(tx: Transaction, model: type[Base], *rows: dict[str, Any]) -> None:
    """Upsert rows that all have the same columns."""
    upsert(tx, model, pl.DataFrame(rows, infer_schema_length=None))


def add_school(record: Record) -> None:
    """Five learners, of whom 1 goes to school in Auckland, 2 in New York and 3 in a zone that does not exist."""
    with record.writing() as tx:
        zones = ["Pacific/Auckland", "America/New_York", "Atlantis/Capital"]
        write(tx, School, *({"id": n, "name": f"School {n}", "time_zone": zone} for n, zone in enumerate(zones, 1)))
        write(tx, User, *(_learner(user_id) for user_id in LEARNERS))
        write(tx, Course, *({"id": n, "title": f"Course {n}"} for n in (1, 2)))
        write(tx, Unit, *({"id": n, "course_id": n, "title": f"Unit {n}", "position": 1} for n in (1, 2)))
        write(tx, Module, *(module(module_id) for module_id in MODULES))
        write(tx, Enrolment, *(_enrolment(user_id, course_id) for user_id in LEARNERS for course_id in (1, 2)))


def module(module_id: int, **changed: Any) -> dict[str, Any]:
    course_id = 2 - module_id % 2
    row = {"id": module_id, "course_id": course_id, "unit_id": course_id, "title": f"Module {module_id}"}
    fixed = {"kind": "reading", "position": module_id, "is_required": True, "completion_rule": "viewed"}
    return {**row, **fixed, "score_rule": "best", "watched_threshold": 0.9, **changed}


def event(number: int, user_id: int, module_id: int, **changed: Any) -> dict[str, Any]:
    """The numbered event, seven hours after the one before."""
    at = START + timedelta(hours=7 * number)
    row = {"id": number, "source": "test", "event_id": f"event {number}", "user_id": user_id, "module_id": module_id}
    fixed = {"kind": "viewed", "authority": "system", "occurred_at": at, "received_at": at, "interactions_count": 1}
    return {**row, **fixed, **changed}


def record_one(record: Record, number: int, user_id: int, module_id: int, **changed: Any) -> None:
    """What recording one event writes: the event and the learner's rows for the module, its unit and its course."""
    course_id = 2 - module_id % 2
    done = {"completed_modules_count": 1, "total_modules": 3}
    with record.writing() as tx:
        write(tx, ProgressEvent, event(number, user_id, module_id, **changed))
        write(tx, ModuleProgress, progress(user_id, module_id, float(number % 100)))
        write(tx, UnitProgress, {"user_id": user_id, "unit_id": course_id, "completion_percentage": 100 / 3, **done})
        units = {"completed_units_count": 0, "total_units": 1}
        row = {"user_id": user_id, "course_id": course_id, "completion_percentage": 0.0}
        write(tx, CourseProgress, {**row, **units, **done})


def progress(user_id: int, module_id: int, percentage: float) -> dict[str, Any]:
    row = {"user_id": user_id, "module_id": module_id, "status": "in_progress", "completion_percentage": percentage}
    return {**row, "attempts_count": 0}


def _learner(user_id: int) -> dict[str, Any]:
    school_id = user_id if user_id <= 3 else None
    row = {"id": user_id, "full_name": f"Learner {user_id}", "is_active": True, "created_at": START}
    return {**row, "school_id": school_id, "password_hash": "$argon2id$secret"}


def _enrolment(user_id: int, course_id: int) -> dict[str, Any]:
    return {"user_id": user_id, "course_id": course_id, "status": "active", "enrolled_at": START}
