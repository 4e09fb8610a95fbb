"""Enrolling learners in courses and dropping them, with the stored progress rows that every enrolled learner has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import polars as pl
from sqlalchemy import select, update

from data.bulk import matches_any, rows_where, upsert
from data.locks import lock_structure
from data.models import Enrolment, UserRole
from data.record import Transaction
from progress.completion.module_states import TIME
from progress.courses.completing_enrolments import ENROLMENT_SCHEMA
from progress.courses.course_shapes import fresh_course_shape
from progress.courses.roll_up import progress_of, roll_up_progress

_PAIR = ["user_id", "course_id"]


@dataclass
class NotEnrolled(Exception):
    user_id: int
    course_id: int

    def __str__(self) -> str:
        return f"Person {self.user_id} is not enrolled in course {self.course_id}."


class Enrolled(NamedTuple):
    """How many enrolments are new, and how many were reactivated after dropping out."""

    new: int
    taken_back: int


@dataclass
class NotLearners(Exception):
    """These people lack the student role. Only students can be enrolled, so that staff never count as learners."""

    user_ids: list[int]

    def __str__(self) -> str:
        people = ", ".join(map(str, self.user_ids))
        return f"Without the role of a student nobody can be enrolled. Give it first to: {people}."


def enrol(tx: Transaction, user_ids: Sequence[int], course_id: int, enrolled_at: datetime) -> None:
    """Enrol learners. Those who dropped out return with all their progress; those already enrolled stay as they are.

    Raises NotLearners, and enrols nobody, if any of them lacks the student role.
    """
    moment = enrolled_at.astimezone(UTC).replace(tzinfo=None)
    learners = pl.DataFrame({"user_id": list(dict.fromkeys(user_ids))}, schema={"user_id": pl.Int64})
    enrol_all(tx, learners.with_columns(course_id=pl.lit(course_id, pl.Int64), enrolled_at=pl.lit(moment, TIME)))


def enrol_all(tx: Transaction, wanted: pl.DataFrame) -> Enrolled:
    """Enrol many learners in many courses, one row (user_id, course_id, enrolled_at) each, as `enrol` does."""
    _require_learners(tx, wanted["user_id"].unique().to_list())
    lock_structure(tx, wanted["course_id"].unique())
    stored = _stored(tx, wanted)
    new = wanted.join(stored, on=_PAIR, how="anti").with_columns(status=pl.lit("active"))
    dropped = stored.filter(pl.col("status") == "dropped").join(wanted, on=_PAIR, how="semi")
    taken_back = dropped.with_columns(status=pl.lit("active"), dropped_at=pl.lit(None, TIME))
    upsert(tx, Enrolment, new.sort(_PAIR))
    upsert(tx, Enrolment, taken_back)
    _roll_up(tx, pl.concat([new.select(_PAIR), taken_back.select(_PAIR)]))
    return Enrolled(new.height, taken_back.height)


def drop(tx: Transaction, user_id: int, course_id: int, dropped_at: datetime) -> None:
    """End an enrolment. The learner's progress is kept but no longer counts in means. Raises NotEnrolled."""
    lock_structure(tx, [course_id])
    result = tx.execute(
        update(Enrolment)
        .where(Enrolment.user_id == user_id, Enrolment.course_id == course_id)
        .values(status="dropped", dropped_at=dropped_at, completed_at=None, completed_by=None, changed_in=tx.number)
    )
    if not result.rowcount:
        raise NotEnrolled(user_id, course_id)


def drop_all(tx: Transaction, leaving: pl.DataFrame) -> int:
    """End the active ones of these enrolments (user_id, course_id, dropped_at); returns how many.

    A learner who has completed the course has not dropped out of it.
    """
    lock_structure(tx, leaving["course_id"].unique())
    active = _stored(tx, leaving).filter(pl.col("status") == "active").drop("dropped_at")
    dropped = active.join(leaving, on=_PAIR, maintain_order="left").with_columns(status=pl.lit("dropped"))
    upsert(tx, Enrolment, dropped)
    return dropped.height


def _stored(tx: Transaction, pairs: pl.DataFrame) -> pl.DataFrame:
    """The enrolments of these pairs (ENROLMENT_SCHEMA)."""
    columns = select(*(getattr(Enrolment, name) for name in ENROLMENT_SCHEMA))
    statement = columns.where(matches_any(tx, Enrolment.user_id, pairs["user_id"].unique()))
    course_ids = pairs["course_id"].unique().to_list()
    if len(course_ids) == 1:  # with several courses, SQLite would look up every learner in each of them
        statement = statement.where(Enrolment.course_id == course_ids[0])
    return rows_where(tx, statement, ENROLMENT_SCHEMA).join(pairs, on=_PAIR, how="semi", maintain_order="left")


def _roll_up(tx: Transaction, changed: pl.DataFrame) -> None:
    if changed.is_empty():
        return
    course_ids = changed["course_id"].unique(maintain_order=True).to_list()
    shapes = [fresh_course_shape(tx.connection, course_id) for course_id in course_ids]
    roll_up_progress(tx, shapes, changed, progress_of(tx, course_ids, changed["user_id"].unique().to_list()))


def _require_learners(tx: Transaction, user_ids: Sequence[int]) -> None:
    is_student = (UserRole.role == "student", UserRole.ended_at.is_(None))
    students = select(UserRole.user_id).where(*is_student, matches_any(tx, UserRole.user_id, user_ids))
    others = sorted(set(user_ids) - set(tx.execute(students).scalars()))
    if others:
        raise NotLearners(others)
