"""Which learners, courses and modules the statements name: found in the record by the ids that other systems use."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from data.bulk import matches_any
from data.models import Course, Module, User
from data.record import Transaction
from progress.people.access import enrolled_pairs
from progress.xapi.statement.actors import Actor
from progress.xapi.statement.subjects import Subject


class KnownCourse(NamedTuple):
    course_id: int
    provisions: bool


class KnownModule(NamedTuple):
    module_id: int
    course_id: int
    completion_rule: str


class Found(NamedTuple):
    """Whom a statement is about and which module; null where nobody here, or where it only is to be kept."""

    user_id: int | None
    module: KnownModule | None


class NotFound(Exception):
    """An event that names someone or something unknown. Its text is for those who may know what there is."""


@dataclass(frozen=True)
class Directory:
    """Everything by its external id; the modules of one id in the order of their courses."""

    learners: dict[str, int]
    learners_by_email: dict[str, int]
    courses: dict[str, KnownCourse]
    modules: dict[str, list[KnownModule]]
    enrolled: set[tuple[int, int]]
    _found: dict[Subject, Found | NotFound] = field(default_factory=dict)

    def find(self, subject: Subject) -> Found:
        """Raises NotFound for what ought to be an event and is about someone or something unknown."""
        known = self._found.get(subject)
        if known is None:
            known = self._found[subject] = self._look_up(subject)
        if isinstance(known, NotFound):
            raise NotFound(str(known))
        return known

    def learner_of(self, actor: Actor) -> int | None:
        found = self.learners.get(actor.external_id or "")
        if found is None and actor.email is not None:
            return self.learners_by_email.get(actor.email.lower())
        return found

    def course_of(self, courses: Iterable[str]) -> KnownCourse | None:
        """The first of these ids that is a course's."""
        return next((self.courses[course] for course in courses if course in self.courses), None)

    def _look_up(self, subject: Subject) -> Found | NotFound:
        user_id = self.learner_of(subject.actor)
        if not subject.may_be_event or subject.activity in self.courses:  # of a whole course it is only kept
            return Found(user_id, None)
        if not subject.is_event:
            known = NotFound() if user_id is None else self._module(subject, user_id)
            return Found(user_id, None if isinstance(known, NotFound) else known)
        if user_id is None:
            return NotFound(f"No learner with the external id “{subject.actor.external_id}”.")
        module = self._module(subject, user_id)
        return module if isinstance(module, NotFound) else Found(user_id, module)

    def _module(self, subject: Subject, user_id: int) -> KnownModule | NotFound:
        course, candidates = self.course_of(subject.courses), self.modules.get(subject.activity or "", [])
        if course is None:
            theirs = [module for module in candidates if (user_id, module.course_id) in self.enrolled]
            return theirs[0] if theirs else NotFound(f"No module with the external id “{subject.activity}”.")
        within = [module for module in candidates if module.course_id == course.course_id]
        if not within:
            return NotFound(
                f"No module with the external id “{subject.activity}” in the course that the statement names."
            )
        if (user_id, course.course_id) not in self.enrolled:
            return NotFound(
                f"The learner “{subject.actor.external_id}” is not enrolled in the course of the statement."
            )
        return within[0]


def learner_named(connection: Connection, actor: Actor) -> int | None:
    """The learner whom one agent names, as `Directory.learner_of` finds them among many."""
    by_id = connection.execute(select(User.id).where(User.external_id == actor.external_id)).scalar_one_or_none()
    if by_id is not None or actor.email is None:
        return by_id
    has_address = func.lower(User.email) == actor.email.lower()
    people = connection.execute(select(User.id).where(has_address, User.is_active).limit(2)).scalars().all()
    return people[0] if len(people) == 1 else None


def directory_of(tx: Transaction, subjects: Iterable[Subject]) -> Directory:
    """What the record knows of all these."""
    listed = set(subjects)
    activities = {subject.activity for subject in listed if subject.activity}
    courses = {course for subject in listed for course in subject.courses} | activities
    actors = {subject.actor for subject in listed}
    learners = _learners(tx, {actor.external_id for actor in actors if actor.external_id})
    by_email = _learners_by_email(tx, {actor.email.lower() for actor in actors if actor.email})
    modules = _modules(tx, activities)
    within = {module.course_id for found in modules.values() for module in found}
    known = _courses(tx, courses)
    within |= {course.course_id for course in known.values()}
    enrolled = enrolled_pairs(tx, {*learners.values(), *by_email.values()}, within)
    return Directory(learners, by_email, known, modules, enrolled)


def _learners(tx: Transaction, external_ids: set[str]) -> dict[str, int]:
    named = select(User.external_id, User.id).where(matches_any(tx, User.external_id, external_ids))
    return dict(tx.execute(named).all())


def _learners_by_email(tx: Transaction, emails: set[str]) -> dict[str, int]:
    """Active people whose e-mail address nobody else active has."""
    if not emails:
        return {}
    address = func.lower(User.email).label("address")
    people = select(address, func.min(User.id).label("id")).where(matches_any(tx, address, emails), User.is_active)
    single = people.group_by(address).having(func.count() == 1)
    return dict(tx.execute(single).all())


def _courses(tx: Transaction, external_ids: set[str]) -> dict[str, KnownCourse]:
    named = select(Course.external_id, Course.id, Course.provisions_xapi)
    rows = tx.execute(named.where(matches_any(tx, Course.external_id, external_ids)))
    return {row.external_id: KnownCourse(row.id, row.provisions_xapi) for row in rows}


def _modules(tx: Transaction, external_ids: set[str]) -> dict[str, list[KnownModule]]:
    named = select(Module.external_id, Module.id, Module.course_id, Module.completion_rule)
    rows = tx.execute(named.where(matches_any(tx, Module.external_id, external_ids)).order_by(Module.course_id))
    found: dict[str, list[KnownModule]] = {}
    for row in rows:
        found.setdefault(row.external_id, []).append(KnownModule(row.id, row.course_id, row.completion_rule))
    return found
