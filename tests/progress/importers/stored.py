"""What a record holds, in the source's ids, for tests to compare."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select

from data.models import Base, Course, CourseProgress, Module, ModuleProgress, Unit, UnitProgress, User
from data.record import Record


def rows(record: Record, statement: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    with record.reading() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def everything(record: Record) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every mirrored table, with the number of its last change."""
    mirrored = [table for table in Base.metadata.sorted_tables if "changed_in" in table.c]
    return {table.name: rows(record, select(table).order_by(*table.primary_key)) for table in mirrored}


def day(text: str) -> datetime:
    """Midnight UTC of a date."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def module_rows(record: Record, *columns: Any) -> list[tuple[Any, ...]]:
    """(learner, module, …columns of module_progress), by learner and module."""
    touched = (
        select(User.external_id, Module.external_id, *columns)
        .select_from(ModuleProgress)
        .join(User, User.id == ModuleProgress.user_id)
        .join(Module, Module.id == ModuleProgress.module_id)
    )
    return sorted(rows(record, touched), key=lambda row: row[:2])


def unit_rows(record: Record, *columns: Any) -> list[tuple[Any, ...]]:
    """(learner, course, unit, …columns of unit_progress), by learner, course and unit."""
    listed = (
        select(User.external_id, Course.external_id, Unit.external_id, *columns)
        .select_from(UnitProgress)
        .join(User, User.id == UnitProgress.user_id)
        .join(Unit, Unit.id == UnitProgress.unit_id)
        .join(Course, Course.id == Unit.course_id)
    )
    return sorted(rows(record, listed), key=lambda row: row[:3])


def course_rows(record: Record, *columns: Any) -> list[tuple[Any, ...]]:
    """(learner, course, …columns of course_progress), by learner and course."""
    listed = (
        select(User.external_id, Course.external_id, *columns)
        .select_from(CourseProgress)
        .join(User, User.id == CourseProgress.user_id)
        .join(Course, Course.id == CourseProgress.course_id)
    )
    return sorted(rows(record, listed), key=lambda row: row[:2])
