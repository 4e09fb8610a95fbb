"""The district's record: its courses, people and classes, and everything that was done, through the set-based door."""

import resource
import time
from datetime import UTC
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.district.plan import CLASSES_A_TEACHER, COURSES, KINDS, UNITS, District
from benchmarks.spread import seconds_of
from data.bulk import upsert
from data.migrate import migrate
from data.models import ClassLearner, ClassTeacher, SchoolClass, User, UserRole
from data.record import Record, Transaction, current_record
from progress.courses.enrolment import enrol_all
from progress.courses.structure import add_course, add_module, add_unit
from progress.recording.record import record_many


def recorded(district: District, path: Path) -> dict[str, Any]:
    """Make the district's record at `path`; returns how long that took and how much memory."""
    record = Record(f"sqlite:///{path}")
    migrate(record)
    people = seconds_of(lambda: _write_people(record, district))
    courses = [_record_course(record, district, course) for course in range(1, COURSES + 1)]
    record.close()
    return {
        "people_s": round(people, 1),
        "events": sum(course["events"] for course in courses),
        "enrolling_s": [course["enrolling_s"] for course in courses],
        "recording_s": [course["recording_s"] for course in courses],
        "recording_processor_s": [course["processor_s"] for course in courses],
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "record_mb": round(path.stat().st_size / 2**20),
    }


def migrated() -> None:
    """Bring a record that was kept up to this version."""
    migrate(current_record())


def _write_people(record: Record, district: District) -> None:
    with record.writing() as tx:
        _add_courses(tx, district)
        classes = district.classes()
        classes_count = classes["class_id"].n_unique()
        teachers = -(-classes_count // CLASSES_A_TEACHER)
        _add_people(tx, district, district.learners + teachers)
        _add_classes(tx, district, classes)


def _add_courses(tx: Transaction, district: District) -> None:
    """Ids are given from 1 on, as the plan numbers them."""
    opened = district.begins_at.replace(tzinfo=UTC)
    for number in range(1, COURSES + 1):
        course = add_course(tx, f"Course {number}", starts_on=district.first_monday)
        for unit in range(1, UNITS + 1):
            unit_id = add_unit(tx, course, f"Unit {unit}")
            for place, kind in enumerate(KINDS, start=1):
                module = add_module(tx, unit_id, f"{kind.title()} {place}", kind, published_at=opened)
        assert (course, module) == (number, number * UNITS * len(KINDS))


def _add_people(tx: Transaction, district: District, last_teacher: int) -> None:
    """The learners; after them the teachers, and the administrator with the last id."""
    people = pl.DataFrame({"id": pl.int_range(1, last_teacher + 2, dtype=pl.Int64, eager=True)})
    role = (
        pl.when(pl.col("id") <= district.learners)
        .then(pl.lit("student"))
        .when(pl.col("id") <= last_teacher)
        .then(pl.lit("teacher"))
        .otherwise(pl.lit("administrator"))
    )
    created = pl.lit(district.begins_at)
    named = people.with_columns(full_name=pl.format("Person {}", "id"), username=pl.format("person-{}", "id"))
    upsert(tx, User, named.with_columns(is_active=True, created_at=created))
    upsert(tx, UserRole, people.select(user_id="id", role=role))


def _add_classes(tx: Transaction, district: District, classes: pl.DataFrame) -> None:
    """Each teacher has the next five classes."""
    each = classes.select("class_id", "course_id").unique().sort("class_id")
    upsert(tx, SchoolClass, each.select("course_id", id="class_id", name=pl.format("Class {}", "class_id")))
    joined = pl.lit(district.first_monday)
    upsert(tx, ClassLearner, classes.sort("class_id", "user_id").select("class_id", "user_id", joined_on=joined))
    teacher = district.learners + 1 + (pl.col("class_id") - 1) // CLASSES_A_TEACHER
    upsert(tx, ClassTeacher, each.select("class_id", user_id=teacher, joined_on=joined))


def _record_course(record: Record, district: District, course: int) -> dict[str, Any]:
    moment = pl.lit(district.begins_at).cast(pl.Datetime("us"))
    wanted = district.enrolled(course).with_columns(course_id=pl.lit(course, pl.Int64), enrolled_at=moment)
    with record.writing() as tx:
        enrolling = seconds_of(lambda: enrol_all(tx, wanted))
    events = district.events(course)
    begun, busy = time.perf_counter(), time.process_time()
    with record.writing() as tx:
        created = record_many(tx, events)
    recording, processor = time.perf_counter() - begun, time.process_time() - busy
    assert created == events.height
    seconds = {"enrolling_s": enrolling, "recording_s": recording, "processor_s": processor}
    return {"events": created} | {name: round(value, 1) for name, value in seconds.items()}
