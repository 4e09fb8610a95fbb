"""What a record holds of a roster, in the roster's ids, for tests to compare."""

from datetime import date
from typing import Any

from sqlalchemy import select

from data.models import (
    ClassLearner,
    ClassTeacher,
    Course,
    Enrolment,
    Guardian,
    School,
    SchoolClass,
    User,
    UserRole,
)
from data.record import Record
from tests.progress.importers.stored import rows

Pairs = dict[tuple[str, str], Any]


def id_of(record: Record, external_id: str) -> int:
    [(user_id,)] = rows(record, select(User.id).where(User.external_id == external_id))
    return int(user_id)


def open_roles(record: Record) -> dict[str, set[str]]:
    """The roles that each person of the roster holds now."""
    held = select(User.external_id, UserRole.role).join(UserRole, UserRole.user_id == User.id)
    found: dict[str, set[str]] = {}
    for person, role in rows(record, held.where(UserRole.ended_at.is_(None))):
        found.setdefault(person, set()).add(role)
    return found


def memberships(record: Record, model: type[ClassLearner] | type[ClassTeacher]) -> dict[tuple[str, str], date | None]:
    """The end of the last stretch of each (class, person); None while it stands."""
    return {pair: spans[-1][1] for pair, spans in stretches(record, model).items()}


def stretches(
    record: Record, model: type[ClassLearner] | type[ClassTeacher]
) -> dict[tuple[str, str], list[tuple[date, date | None]]]:
    """The first and end days of each (class, person), in order."""
    listed = (
        select(SchoolClass.external_id, User.external_id, model.joined_on, model.left_on)
        .join(SchoolClass, SchoolClass.id == model.class_id)
        .join(User, User.id == model.user_id)
        .order_by(model.joined_on, model.id)
    )
    found: dict[tuple[str, str], list[tuple[date, date | None]]] = {}
    for school_class, person, joined_on, left_on in rows(record, listed):
        found.setdefault((school_class, person), []).append((joined_on, left_on))
    return found


def standing(record: Record, on: date = date(2026, 1, 10)) -> set[tuple[str, str]]:
    """(class, learner) on this day."""
    return {
        pair
        for pair, spans in stretches(record, ClassLearner).items()
        if any(joined_on <= on and (left_on is None or left_on > on) for joined_on, left_on in spans)
    }


def enrolments(record: Record) -> dict[tuple[str, str], str]:
    """The status of each (learner, course)."""
    listed = (
        select(User.external_id, Course.external_id, Enrolment.status)
        .join(User, User.id == Enrolment.user_id)
        .join(Course, Course.id == Enrolment.course_id)
    )
    return {(person, course): status for person, course, status in rows(record, listed)}


def guardians(record: Record) -> dict[tuple[str, str], tuple[str, bool]]:
    """Of each (guardian, child): what they are to each other, and whether the link stands."""
    listed = select(Guardian.guardian_id, Guardian.learner_id, Guardian.relationship, Guardian.ended_at)
    names = dict(rows(record, select(User.id, User.external_id)))
    return {(names[one], names[two]): (word, ended is None) for one, two, word, ended in rows(record, listed)}


def parents_of_schools(record: Record) -> dict[str, str | None]:
    names = dict(rows(record, select(School.id, School.external_id)))
    listed = rows(record, select(School.external_id, School.parent_id))
    return {school: names.get(parent) for school, parent in listed}
