"""Classes and the memberships of their learners and teachers, each from a first day until they leave.

Every function runs inside the caller's write transaction. `class_enrolment` makes enrolments follow.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import polars as pl
from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import aliased

from data.bulk import matches_any, rows_where
from data.models import AcademicSession, ClassLearner, ClassSession, ClassTeacher, Course, School, SchoolClass
from data.models.structure import Membership
from data.record import Transaction
from data.school_days import school_day

CLASS_DAYS = {
    "class_id": pl.Int64,
    "class_name": pl.String,
    "course_id": pl.Int64,
    "time_zone": pl.String,
    "first_day": pl.Date,
    "last_day": pl.Date,
}


def add_class(
    tx: Transaction, name: str, course_id: int, *, school_id: int | None = None, external_id: str | None = None
) -> int:
    """Add a class: a group of learners who take this course together with their teachers."""
    values = {"name": name, "course_id": course_id, "school_id": school_id, "external_id": external_id}
    adding = insert(SchoolClass).values(values | {"changed_in": tx.number}).returning(SchoolClass.id)
    class_id: int = tx.execute(adding).scalar_one()
    return class_id


def join_class(tx: Transaction, class_id: int, user_ids: Sequence[int], on: date | None = None) -> None:
    """Add learners to a class from `on` (by default today at its school); those already in it stay as they are."""
    _begin_membership(tx, ClassLearner, class_id, user_ids, on)


def teach_class(tx: Transaction, class_id: int, user_id: int, on: date | None = None) -> None:
    """Make someone a teacher of a class, as `join_class` does for learners. It does not grant the role `teacher`."""
    _begin_membership(tx, ClassTeacher, class_id, [user_id], on)


def class_day(tx: Transaction, class_id: int) -> date:
    """Today's date at the class's school."""
    [time_zone] = class_days(tx, [class_id])["time_zone"]
    return school_day(datetime.now(UTC), time_zone)


def class_days(tx: Transaction, class_ids: Iterable[int]) -> pl.DataFrame:
    """The time zone and the first and last day of each class (CLASS_DAYS).

    The time zone is that of its school, else of its course's school; the days are those of its terms, else of its
    course.
    """
    own, of_course = aliased(School), aliased(School)
    first, last = func.min(AcademicSession.starts_on), func.max(AcademicSession.ends_on)
    statement = (
        select(
            SchoolClass.id.label("class_id"),
            SchoolClass.name.label("class_name"),
            SchoolClass.course_id,
            func.coalesce(own.time_zone, of_course.time_zone, "UTC").label("time_zone"),
            func.coalesce(first, Course.starts_on).label("first_day"),
            func.coalesce(last, Course.ends_on).label("last_day"),
        )
        .join(Course, Course.id == SchoolClass.course_id)
        .outerjoin(own, own.id == SchoolClass.school_id)
        .outerjoin(of_course, of_course.id == Course.school_id)
        .outerjoin(ClassSession, (ClassSession.class_id == SchoolClass.id) & ClassSession.ended_at.is_(None))
        .outerjoin(AcademicSession, AcademicSession.id == ClassSession.academic_session_id)
        .where(matches_any(tx, SchoolClass.id, class_ids))
        .group_by(SchoolClass.id, own.time_zone, of_course.time_zone, Course.starts_on, Course.ends_on)
    )
    return rows_where(tx, statement, CLASS_DAYS)


def _begin_membership(
    tx: Transaction, model: type[Membership], class_id: int, user_ids: Sequence[int], on: date | None
) -> None:
    joined_on = on or class_day(tx, class_id)
    members = select(model.user_id).where(model.class_id == class_id, _lasts_beyond(model, joined_on))
    wanted = list(dict.fromkeys(user_ids))
    present = set(tx.execute(members.where(matches_any(tx, model.user_id, wanted))).scalars())
    row = {"class_id": class_id, "joined_on": joined_on, "changed_in": tx.number}
    joining = [{**row, "user_id": user_id} for user_id in wanted if user_id not in present]
    if joining:
        tx.execute(insert(model), joining)


def _lasts_beyond(model: type[Membership], day: date) -> ColumnElement[bool]:
    return model.left_on.is_(None) | (model.left_on > day)
