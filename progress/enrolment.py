"""Learners into courses and out of them, with the stored rows that every enrolled learner has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from data.bulk import matches_any
from data.models import Enrolment, UserRole
from data.record import Transaction
from progress.locks import lock_structure
from progress.roll_up import roll_up_learners


@dataclass
class NotEnrolled(Exception):
    user_id: int
    course_id: int

    def __str__(self) -> str:
        return f"Person {self.user_id} is not enrolled in course {self.course_id}."


@dataclass
class NotLearners(Exception):
    """Only who has the role of a student can be enrolled: staff are never counted as learners."""

    user_ids: list[int]

    def __str__(self) -> str:
        people = ", ".join(map(str, self.user_ids))
        return f"Without the role of a student nobody can be enrolled. Give it first to: {people}."


def enrol(tx: Transaction, user_ids: Sequence[int], course_id: int, enrolled_at: datetime) -> None:
    """Enrol learners; those who dropped out are taken back with all their progress, the others stay as they are.

    Raises NotLearners, and enrols nobody, where someone among them has not the role of a student.
    """
    _require_learners(tx, user_ids)
    lock_structure(tx, [course_id])
    theirs = (Enrolment.course_id == course_id, matches_any(tx, Enrolment.user_id, user_ids))
    known = set(tx.execute(select(Enrolment.user_id).where(*theirs)).scalars())
    active = {"status": "active", "changed_in": tx.number}
    tx.execute(update(Enrolment).where(*theirs, Enrolment.status == "dropped").values(**active, dropped_at=None))
    new = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in known]
    if new:
        shared = {"course_id": course_id, "enrolled_at": enrolled_at, **active}
        tx.execute(insert(Enrolment), [{"user_id": user_id, **shared} for user_id in new])
    roll_up_learners(tx, course_id, list(user_ids))


def drop(tx: Transaction, user_id: int, course_id: int, dropped_at: datetime) -> None:
    """End an enrolment. The learner's progress stays and leaves the means of today. Raises NotEnrolled."""
    lock_structure(tx, [course_id])
    result = tx.execute(
        update(Enrolment)
        .where(Enrolment.user_id == user_id, Enrolment.course_id == course_id)
        .values(status="dropped", dropped_at=dropped_at, completed_at=None, completed_by=None, changed_in=tx.number)
    )
    if not result.rowcount:
        raise NotEnrolled(user_id, course_id)


def _require_learners(tx: Transaction, user_ids: Sequence[int]) -> None:
    is_student = (UserRole.role == "student", UserRole.ended_at.is_(None))
    students = select(UserRole.user_id).where(*is_student, matches_any(tx, UserRole.user_id, user_ids))
    others = sorted(set(user_ids) - set(tx.execute(students).scalars()))
    if others:
        raise NotLearners(others)
