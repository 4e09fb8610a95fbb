"""Who may see whom and who may record what: the rules of access, in one place. Queries and recording both ask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Select, bindparam, select

from data.bulk import any_of, listed
from data.models import ClassLearner, ClassTeacher, Enrolment, Guardian, School, SchoolClass, User, UserRole
from data.record import Record, Transaction, current_record
from data.row import find_row, find_rows
from data.viewer import Viewer
from progress.known_viewers import known_viewer, marks_of, remember, with_marks

_T = TypeVar("_T", int, str)


@dataclass
class UnknownPerson(Exception):
    """Nobody who may use Waymark has this id."""

    user_id: int

    def __str__(self) -> str:
        return f"There is no active person with the id {self.user_id}."


def viewer_of(user_id: int) -> Viewer:
    """The person with everything that the record lets them see now. Raises UnknownPerson, also for the deactivated."""
    found = viewer_found_by(_SOMEONE, {"user_id": user_id})
    if found is None:
        raise UnknownPerson(user_id)
    return found[1]


def viewer_found_by(query: Select[*tuple[Any, ...]], parameters: dict[str, Any]) -> tuple[Any, Viewer] | None:
    """The row that the query finds and the viewer of its `user_id`, as of the same moment; None without an active one.

    Asked at every request and page run: one read by key while nobody's rights change (`progress.known_viewers`).
    """
    record = current_record()
    row = find_row(record, with_marks(query, record.is_sqlite), parameters)
    if row is None:
        return None
    viewer = known_viewer(record, marks_of(row), row.user_id)
    return (row, viewer) if viewer else _found_anew(record, query, parameters)


def _found_anew(
    record: Record, query: Select[*tuple[Any, ...]], parameters: dict[str, Any]
) -> tuple[Any, Viewer] | None:
    with record.reading() as connection:
        row = connection.execute(with_marks(query, record.is_sqlite), parameters).one_or_none()
        viewer = None if row is None else _resolved(connection, row.user_id)
    if row is None or viewer is None:
        return None
    remember(record, marks_of(row), viewer)
    return row, viewer


def _resolved(connection: Connection, user_id: int) -> Viewer | None:
    person = connection.execute(_PERSON, {"user_id": user_id}).one_or_none()
    if person is None:
        return None
    roles = frozenset(_ids(connection, _ROLES, user_id))
    children = _ids(connection, _CHILDREN, user_id) if "parent" in roles else []
    classes = _ids(connection, _CLASSES, user_id) if "teacher" in roles else []
    taught = _ids(connection, _TAUGHT, user_id) if "teacher" in roles else []
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
    """On whose word an event about this learner would stand; None where the viewer may not record it."""
    if viewer.sees_everyone or taught:
        return "staff"
    return "learner" if learner_id == viewer.user_id and "student" in viewer.roles else None


def taught_pairs(tx: Transaction, viewer: Viewer, learner_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(learner, course) pairs of the learners given in which the viewer teaches the learner's class of that course."""
    if "teacher" not in viewer.roles:
        return set()
    bound = {"user_id": viewer.user_id, "learner_ids": listed(tx, learner_ids)}
    rows = find_rows(tx, _teaches_any(tx.is_sqlite), bound)
    return {(row.user_id, row.course_id) for row in rows}


def enrolled_pairs(tx: Transaction, learner_ids: Iterable[int], course_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(learner, course) pairs that have an enrolment, dropped ones included."""
    bound = {"learner_ids": listed(tx, learner_ids), "course_ids": listed(tx, course_ids)}
    return {(row.user_id, row.course_id) for row in find_rows(tx, _enrolled_in_any(tx.is_sqlite), bound)}


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
_CLASSES = (
    select(ClassTeacher.class_id)
    .join(SchoolClass, SchoolClass.id == ClassTeacher.class_id)
    .where(ClassTeacher.user_id == _USER, ClassTeacher.ended_at.is_(None), SchoolClass.ended_at.is_(None))
    .order_by(SchoolClass.name)
)
_TEACHES = (
    select(ClassLearner.user_id, SchoolClass.course_id)
    .join(SchoolClass, SchoolClass.id == ClassLearner.class_id)
    .join(ClassTeacher, ClassTeacher.class_id == SchoolClass.id)
    .where(ClassTeacher.user_id == _USER, ClassTeacher.ended_at.is_(None))
    .where(ClassLearner.ended_at.is_(None), SchoolClass.ended_at.is_(None))
)
_TAUGHT = _TEACHES.with_only_columns(ClassLearner.user_id).distinct()


@lru_cache(maxsize=2)
def _teaches_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return _TEACHES.where(any_of(ClassLearner.user_id, "learner_ids", is_sqlite))


@lru_cache(maxsize=2)
def _enrolled_in_any(is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return select(Enrolment.user_id, Enrolment.course_id).where(
        any_of(Enrolment.user_id, "learner_ids", is_sqlite), any_of(Enrolment.course_id, "course_ids", is_sqlite)
    )
