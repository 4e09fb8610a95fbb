"""The rules of access: who may see whom and who may record what. Queries and recording both ask here."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Date, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from data.bulk import any_of, list_parameter
from data.models import ClassLearner, ClassTeacher, Course, Enrolment, Guardian, School, SchoolClass, User, UserRole
from data.record import Record, Transaction, current_record
from data.row import find_row, find_rows
from data.school_days import school_day
from data.viewer import Viewer, require_administrator
from progress.people.known_viewers import known_viewer, marks_of, remember, with_marks

_T = TypeVar("_T", int, str)


@dataclass
class UnknownPerson(Exception):
    """No active person has this id."""

    user_id: int

    def __str__(self) -> str:
        return f"There is no active person with the id {self.user_id}."


@contextmanager
def administering(viewer: Viewer) -> Iterator[Transaction]:
    """A write transaction for a change that is open to administrators alone. Raises NotAllowed."""
    require_administrator(viewer)
    with current_record().writing(by=viewer.user_id) as tx:
        yield tx


def viewer_of(user_id: int, now: datetime | None = None) -> Viewer:
    """The person with everything that they may see now. Raises UnknownPerson, also if the account is closed."""
    found = viewer_found_by(_SOMEONE, {"user_id": user_id}, now)
    if found is None:
        raise UnknownPerson(user_id)
    return found[1]


def viewer_found_by(
    query: Select[*tuple[Any, ...]], parameters: dict[str, Any], now: datetime | None = None
) -> tuple[Any, Viewer] | None:
    """The row that the query finds and the viewer of its `user_id`, as of one moment; None if nobody active is found.

    Called at every request and page run. While nobody's rights change it is one read by key (see `known_viewers`).
    """
    record, moment = current_record(), now or datetime.now(UTC)
    row = find_row(record, with_marks(query, record.is_sqlite), parameters)
    if row is None:
        return None
    viewer = known_viewer(record, marks_of(row, moment), row.user_id)
    return (row, viewer) if viewer else _found_anew(record, query, parameters, moment)


def _found_anew(
    record: Record, query: Select[*tuple[Any, ...]], parameters: dict[str, Any], now: datetime
) -> tuple[Any, Viewer] | None:
    with record.reading() as connection:
        row = connection.execute(with_marks(query, record.is_sqlite), parameters).one_or_none()
        viewer = None if row is None else _resolved(connection, row.user_id, now)
    if row is None or viewer is None:
        return None
    remember(record, marks_of(row, now), viewer)
    return row, viewer


def _resolved(connection: Connection, user_id: int, now: datetime) -> Viewer | None:
    person = connection.execute(_PERSON, {"user_id": user_id}).one_or_none()
    if person is None:
        return None
    roles = frozenset(_ids(connection, _ROLES, user_id))
    children = _ids(connection, _CHILDREN, user_id) if "parent" in roles else []
    classes = _taught(connection, _CLASSES, user_id, now) if "teacher" in roles else []
    taught = _taught(connection, _TAUGHT, user_id, now) if "teacher" in roles else []
    own = [user_id] if "student" in roles else []
    return Viewer(
        user_id=user_id,
        full_name=person.full_name,
        roles=roles,
        learner_ids=frozenset([*own, *children, *taught]),
        child_ids=tuple(children),
        class_ids=tuple(classes),
        time_zone=person.time_zone or "UTC",
    )


def authority(viewer: Viewer, learner_id: int, taught: bool) -> str | None:
    """The authority of an event that the viewer records about this learner; None if they may not record it."""
    if viewer.sees_everyone or taught:
        return "staff"
    return "learner" if learner_id == viewer.user_id and "student" in viewer.roles else None


def taught_pairs(tx: Transaction, viewer: Viewer, learner_ids: Iterable[int]) -> set[tuple[int, int]]:
    """The (learner, course) pairs of these learners in which the viewer teaches the learner's class of that course."""
    if "teacher" not in viewer.roles:
        return set()
    bound = {"user_id": viewer.user_id, "learner_ids": list_parameter(tx, learner_ids)}
    now = datetime.now(UTC)
    rows = find_rows(tx, _teaches_any(tx.is_sqlite), bound)
    return {(row.taught_id, row.course_id) for row in rows if _teaches(row, now)}


def enrolled_pairs(tx: Transaction, learner_ids: Iterable[int], course_ids: Iterable[int]) -> set[tuple[int, int]]:
    """The (learner, course) pairs that have an enrolment, including dropped ones."""
    bound = {"learner_ids": list_parameter(tx, learner_ids), "course_ids": list_parameter(tx, course_ids)}
    return {(row.user_id, row.course_id) for row in find_rows(tx, _enrolled_in_any(tx.is_sqlite), bound)}


def _taught(connection: Connection, statement: Select[*tuple[Any, ...]], user_id: int, now: datetime) -> list[int]:
    """The classes, or the learners, that a teacher teaches now."""
    lately = now.date() - timedelta(days=1)  # nowhere is it earlier than that
    rows = connection.execute(statement, {"user_id": user_id, "lately": lately})
    return list(dict.fromkeys(row.taught_id for row in rows if _teaches(row, now)))


def _teaches(row: Any, now: datetime) -> bool:
    """Whether the teacher's membership, and the learner's if the row has one, hold today at the class's school."""
    today = school_day(now, row.time_zone)
    begins, ends = [row.teaches_from], [row.teaches_until]
    if hasattr(row, "learns_from"):
        begins, ends = [*begins, row.learns_from], [*ends, row.learns_until]
    return all(day <= today for day in begins) and all(day is None or day > today for day in ends)


def _ids(connection: Connection, statement: Select[_T], user_id: int) -> list[_T]:
    return list(connection.execute(statement, {"user_id": user_id}).scalars())


_USER: BindParameter[int] = bindparam("user_id")
_SOMEONE = select(User.id.label("user_id")).where(User.id == _USER)
_PERSON = (
    select(User.full_name, School.time_zone)
    .outerjoin(School, School.id == User.school_id)
    .where(User.id == _USER, User.is_active)
)
_ROLES = select(UserRole.role).where(UserRole.user_id == _USER, UserRole.ended_at.is_(None))
_CHILDREN = (
    select(Guardian.learner_id)
    .join(User, User.id == Guardian.learner_id)
    .where(Guardian.guardian_id == _USER, Guardian.ended_at.is_(None))
    .order_by(User.full_name)
)
_OWN_SCHOOL, _SCHOOL_OF_COURSE = aliased(School), aliased(School)
_TEACHING = (
    select(
        SchoolClass.course_id,
        func.coalesce(_OWN_SCHOOL.time_zone, _SCHOOL_OF_COURSE.time_zone).label("time_zone"),
        ClassTeacher.joined_on.label("teaches_from"),
        ClassTeacher.left_on.label("teaches_until"),
    )
    .join(SchoolClass, SchoolClass.id == ClassTeacher.class_id)
    .join(Course, Course.id == SchoolClass.course_id)
    .outerjoin(_OWN_SCHOOL, _OWN_SCHOOL.id == SchoolClass.school_id)
    .outerjoin(_SCHOOL_OF_COURSE, _SCHOOL_OF_COURSE.id == Course.school_id)
    .where(ClassTeacher.user_id == _USER, SchoolClass.ended_at.is_(None))
)
_CLASSES = _TEACHING.add_columns(SchoolClass.id.label("taught_id")).order_by(SchoolClass.name, SchoolClass.id)
_TEACHES = (
    _TEACHING.add_columns(
        ClassLearner.user_id.label("taught_id"),
        ClassLearner.joined_on.label("learns_from"),
        ClassLearner.left_on.label("learns_until"),
    )
    .join(ClassLearner, ClassLearner.class_id == SchoolClass.id)
    .join(UserRole, (UserRole.user_id == ClassLearner.user_id) & (UserRole.role == "student"))
    .where(UserRole.ended_at.is_(None))
)
_TAUGHT = _TEACHES.where(or_(ClassLearner.left_on.is_(None), ClassLearner.left_on >= bindparam("lately", type_=Date)))


@lru_cache(maxsize=2)
def _teaches_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return _TEACHES.where(any_of(ClassLearner.user_id, "learner_ids", is_sqlite))


@lru_cache(maxsize=2)
def _enrolled_in_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return select(Enrolment.user_id, Enrolment.course_id).where(
        any_of(Enrolment.user_id, "learner_ids", is_sqlite), any_of(Enrolment.course_id, "course_ids", is_sqlite)
    )
