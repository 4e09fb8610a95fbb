"""Stored unit progress, course progress and enrolments brought in line, set-based, inside a write transaction."""

from collections.abc import Iterable, Sequence

import polars as pl
from sqlalchemy import Select, select

from data.bulk import matches_any, rows_where, upsert
from data.models import CourseProgress, Enrolment, Module, ModuleProgress, UnitProgress
from data.record import Transaction
from progress.completion.course_shape import CourseShape
from progress.completion.module_states import TIME
from progress.completion.standings import COMPLETION_SCHEMA, ENROLLED_SCHEMA, roll_up_set
from progress.courses.course_shapes import fresh_course_shape
from progress.courses.key_evidence import key_evidence_set

ENROLMENT_SCHEMA = {
    "user_id": pl.Int64,
    "course_id": pl.Int64,
    "status": pl.String,
    "enrolled_at": TIME,
    "completed_at": TIME,
    "completed_by": pl.String,
    "dropped_at": TIME,
}


def roll_up_courses(tx: Transaction, course_ids: Iterable[int]) -> None:
    """Set the stored rows of every enrolled learner of these courses, from module progress and what counts now."""
    for course_id in course_ids:
        _roll_up_stored(tx, course_id, _enrolled(course_id))


def roll_up_learners(tx: Transaction, course_id: int, user_ids: Sequence[int]) -> None:
    """The same for some learners of one course."""
    _roll_up_stored(tx, course_id, _enrolled(course_id).where(matches_any(tx, Enrolment.user_id, user_ids)))


def course_rows(tx: Transaction, shape: CourseShape) -> pl.DataFrame:
    """The course rows of every enrolled learner as they would be with this shape. Stores nothing."""
    enrolled = rows_where(tx, _enrolled(shape.course_id), ENROLLED_SCHEMA)
    users = enrolled["user_id"].to_list()
    completions = completions_of(tx, [shape.course_id], users)
    return roll_up_set([shape], enrolled, completions, key_evidence_set(tx, [shape], users)).courses


def roll_up_completions(
    tx: Transaction, shapes: Sequence[CourseShape], enrolled: pl.DataFrame, completions: pl.DataFrame
) -> None:
    """The same for enrolled learners (user_id, course_id) all of whose completions in these courses are at hand."""
    evidence = key_evidence_set(tx, shapes, enrolled["user_id"].unique().to_list())
    rolled = roll_up_set(shapes, enrolled, completions, evidence)
    upsert(tx, UnitProgress, rolled.units.sort("user_id", "unit_id"))
    upsert(tx, CourseProgress, rolled.courses.sort("user_id", "course_id"))
    stored = rows_where(
        tx,
        select(*(getattr(Enrolment, name) for name in ENROLMENT_SCHEMA)).where(
            Enrolment.course_id.in_([shape.course_id for shape in shapes]),
            matches_any(tx, Enrolment.user_id, enrolled["user_id"].unique().to_list()),
        ),
        ENROLMENT_SCHEMA,
    )
    after = enrolments_after(stored, rolled.courses)
    upsert(tx, Enrolment, after.join(stored, on=list(ENROLMENT_SCHEMA), how="anti", nulls_equal=True))


def completions_of(tx: Transaction, course_ids: Sequence[int], user_ids: Iterable[int]) -> pl.DataFrame:
    """What these learners completed in these courses (COMPLETION_SCHEMA)."""
    statement = select(ModuleProgress.user_id, ModuleProgress.module_id, ModuleProgress.completed_at).where(
        matches_any(tx, ModuleProgress.user_id, user_ids),
        ModuleProgress.module_id.in_(select(Module.id).where(Module.course_id.in_(course_ids))),
        ModuleProgress.completed_at.is_not(None),
    )
    return rows_where(tx, statement, COMPLETION_SCHEMA)


def enrolments_after(enrolments: pl.DataFrame, courses: pl.DataFrame) -> pl.DataFrame:
    """The enrolments (ENROLMENT_SCHEMA) as the course rows (user_id, course_id, completed_at) make them.

    Dropped ones, and those that the source of the data called completed, stay as they are.
    """
    earned = courses.select("user_id", "course_id", earned_at="completed_at")
    is_ours = (pl.col("status") != "dropped") & pl.col("completed_by").ne_missing("source")
    is_earned = pl.col("earned_at").is_not_null()
    word = pl.when(is_earned).then(pl.lit("completed")).otherwise(pl.lit("active"))
    origin = pl.when(is_earned).then(pl.lit("roll-up"))
    return (
        enrolments.join(earned, on=["user_id", "course_id"], how="inner")
        .with_columns(
            status=pl.when(is_ours).then(word).otherwise("status"),
            completed_at=pl.when(is_ours).then("earned_at").otherwise("completed_at"),
            completed_by=pl.when(is_ours).then(origin).otherwise("completed_by"),
        )
        .select(*ENROLMENT_SCHEMA)
    )


def _roll_up_stored(tx: Transaction, course_id: int, enrolments: Select[int, int]) -> None:
    enrolled = rows_where(tx, enrolments, ENROLLED_SCHEMA)
    if enrolled.is_empty():
        return
    completions = completions_of(tx, [course_id], enrolled["user_id"].to_list())
    roll_up_completions(tx, [fresh_course_shape(tx.connection, course_id)], enrolled, completions)


def _enrolled(course_id: int) -> Select[int, int]:
    return select(Enrolment.user_id, Enrolment.course_id).where(Enrolment.course_id == course_id)
