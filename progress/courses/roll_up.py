"""Roll up unit progress, course progress and enrolments of many learners in columns, inside a write transaction."""

from collections.abc import Iterable, Sequence

import polars as pl
from sqlalchemy import Select, select

from data.bulk import matches_any, rows_where, upsert
from data.models import CourseProgress, Enrolment, Module, ModuleProgress, UnitProgress
from data.record import Transaction
from progress.completion.course_shape import CourseShape
from progress.completion.standings import ENROLLED_SCHEMA, PROGRESS_SCHEMA, standings
from progress.courses.completing_enrolments import complete_enrolments
from progress.courses.course_shapes import fresh_course_shape
from progress.courses.key_evidence import key_evidence_frame


def roll_up_courses(tx: Transaction, course_ids: Iterable[int]) -> None:
    """Roll up every enrolled learner of these courses from their module progress and what counts now."""
    for course_id in course_ids:
        _roll_up_stored(tx, course_id, _enrolled(course_id))


def roll_up_learners(tx: Transaction, course_id: int, user_ids: Sequence[int]) -> None:
    """Roll up some learners of one course."""
    _roll_up_stored(tx, course_id, _enrolled(course_id).where(matches_any(tx, Enrolment.user_id, user_ids)))


def course_rows(tx: Transaction, shape: CourseShape) -> pl.DataFrame:
    """The course rows that every enrolled learner would have with this shape. Stores nothing."""
    enrolled = rows_where(tx, _enrolled(shape.course_id), ENROLLED_SCHEMA)
    users = enrolled["user_id"].to_list()
    progress = progress_of(tx, [shape.course_id], users)
    return standings([shape], enrolled, progress, key_evidence_frame(tx, [shape], users)).courses


def roll_up_progress(
    tx: Transaction, shapes: Sequence[CourseShape], enrolled: pl.DataFrame, progress: pl.DataFrame
) -> None:
    """The same for enrolled learners (user_id, course_id), given all of their modules' progress in these courses."""
    complete_enrolments(tx, store_roll_up(tx, shapes, enrolled, progress))


def store_roll_up(
    tx: Transaction, shapes: Sequence[CourseShape], enrolled: pl.DataFrame, progress: pl.DataFrame
) -> pl.DataFrame:
    """Store the rows of enrolled learners' units and courses, given all of their modules' (PROGRESS_SCHEMA).

    Returns the courses' rows.
    """
    evidence = key_evidence_frame(tx, shapes, enrolled["user_id"].unique().to_list())
    rolled = standings(shapes, enrolled, progress, evidence)
    upsert(tx, UnitProgress, rolled.units.sort("user_id", "unit_id"))
    upsert(tx, CourseProgress, rolled.courses.sort("user_id", "course_id"))
    return rolled.courses


def progress_of(tx: Transaction, course_ids: Sequence[int], user_ids: Iterable[int]) -> pl.DataFrame:
    """How far these learners are in the modules of these courses (PROGRESS_SCHEMA)."""
    statement = select(*(getattr(ModuleProgress, name) for name in PROGRESS_SCHEMA)).where(
        matches_any(tx, ModuleProgress.user_id, user_ids),
        ModuleProgress.module_id.in_(select(Module.id).where(Module.course_id.in_(course_ids))),
    )
    return rows_where(tx, statement, PROGRESS_SCHEMA)


def _roll_up_stored(tx: Transaction, course_id: int, enrolments: Select[int, int]) -> None:
    enrolled = rows_where(tx, enrolments, ENROLLED_SCHEMA)
    if enrolled.is_empty():
        return
    progress = progress_of(tx, [course_id], enrolled["user_id"].to_list())
    roll_up_progress(tx, [fresh_course_shape(tx.connection, course_id)], enrolled, progress)


def _enrolled(course_id: int) -> Select[int, int]:
    return select(Enrolment.user_id, Enrolment.course_id).where(Enrolment.course_id == course_id)
