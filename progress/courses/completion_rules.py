"""Look up, change and preview a course's completion rule. `completion.course_terms` computes whom it completes.

Each change adds a version in the same transaction as the roll-up of all enrolled learners; it revokes no completion.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import polars as pl
from sqlalchemy import Connection, Select, func, select

from data.bulk import rows_where
from data.locks import lock_structure
from data.models import Course, CourseProgress, Enrolment, Module, User
from data.record import Transaction, current_record
from data.viewer import Viewer
from progress.audit.noting import note
from progress.completion.course_rule import CompletionRule, KeyAssignment, RuleVersion
from progress.completion.course_shape import CourseShape
from progress.completion.module_states import TIME
from progress.courses.completion_rule_checks import check_rule
from progress.courses.course_shapes import fresh_course_shape
from progress.courses.roll_up import course_rows
from progress.courses.rule_versions import add_rule_version, rule_versions
from progress.courses.structure import structure_changed
from progress.people.access import administering

__all__ = ["CompletionRule", "KeyAssignment", "RuleVersion"]

GAIN_SCHEMA = {"learner_id": pl.Int64, "learner_name": pl.String, "completed_at": TIME}
_INSTANT = timedelta(microseconds=1)


@dataclass
class UnknownCourse(Exception):
    course_id: int

    def __str__(self) -> str:
        return f"There is no course with the id {self.course_id}."


@dataclass
class RuleChanged(Exception):
    """Someone else saved a version since the one that this change is based on."""

    expected: int
    version: int

    def __str__(self) -> str:
        return (
            f"The rule has changed: it stands at version {self.version}, not {self.expected}. Look at it again first."
        )


@dataclass(frozen=True)
class Saved:
    """What a change did. `is_new` is false if the rule was already the same, so that no version was added."""

    version: int
    is_new: bool
    gained_count: int


@dataclass(frozen=True)
class RuleHistory:
    """The versions of a course's rule, oldest first, with the titles of its modules and the names of its authors.

    `open_titles` leaves out modules that are hidden or not yet published.
    """

    versions: tuple[RuleVersion, ...]
    titles: Mapping[int, str]
    open_titles: Mapping[int, str]
    names: Mapping[int, str]


def rule_history(course_id: int) -> RuleHistory:
    """Everything stored about a course's rule. The caller checks who may see the course."""
    with current_record().reading() as connection:
        versions = rule_versions(connection, course_id)
        titles = select(Module.id, Module.title).where(Module.course_id == course_id)
        names = select(User.id, User.full_name).where(User.id.in_({each.created_by for each in versions} - {None}))
        open_titles = titles.where(Module.published_at <= datetime.now(UTC))
        found = (_by_id(connection, statement) for statement in (titles, open_titles, names))
        return RuleHistory(versions, *found)


def completion_rule(connection: Connection, course_id: int) -> RuleVersion | None:
    """The newest version; None if the course never had a rule."""
    versions = rule_versions(connection, course_id)
    return versions[-1] if versions else None


def save_completion_rule(
    viewer: Viewer,
    course_id: int,
    rule: CompletionRule | None,
    reevaluate: bool,
    *,
    expected_version: int | None = None,
) -> Saved:
    """Apply the rule from now on; None restores “all units”. With `reevaluate` it applies to earlier work too.

    An unchanged rule adds no version. Administrators only. Raises NotAllowed, UnknownCourse, InvalidRule, and
    RuleChanged if `expected_version` is not the newest.
    """
    with _changing(viewer, course_id) as tx:
        shape = _checked_shape(tx, course_id, rule)
        version = _newest(shape)
        if expected_version is not None and expected_version != version:
            raise RuleChanged(expected_version, version)
        if not _changes_anything(shape, rule, reevaluate):
            return Saved(version, is_new=False, gained_count=0)
        before = _completed_count(tx, course_id)
        add_rule_version(tx, course_id, _next_version(tx, shape, rule, reevaluate, viewer))
        note(tx, "completion_rule.changed", course_id=course_id, version=version + 1, reevaluated=reevaluate)
        structure_changed(tx, [course_id])
        return Saved(version + 1, is_new=True, gained_count=_completed_count(tx, course_id) - before)


def preview(viewer: Viewer, course_id: int, rule: CompletionRule | None) -> pl.DataFrame:
    """Who would newly complete the course if the rule were saved with re-evaluation, by name (GAIN_SCHEMA).

    Changes nothing. Raises the same errors as `save_completion_rule`.
    """
    with _changing(viewer, course_id) as tx:
        shape = _checked_shape(tx, course_id, rule)
        versions = (*shape.rule_versions, _next_version(tx, shape, rule, True, viewer))
        rows = course_rows(tx, replace(shape, rule_versions=versions)).drop_nulls("completed_at")
        active = _active_learners(tx, course_id)
        tx.connection.rollback()
    gains = active.join(rows, left_on="learner_id", right_on="user_id").select(*GAIN_SCHEMA)
    return gains.sort("learner_name", "learner_id")


def _by_id(connection: Connection, statement: Select[int, str]) -> dict[int, str]:
    return {row[0]: row[1] for row in connection.execute(statement)}


@contextmanager
def _changing(viewer: Viewer, course_id: int) -> Iterator[Transaction]:
    with administering(viewer) as tx:
        lock_structure(tx, [course_id])
        if tx.execute(select(Course.id).where(Course.id == course_id)).one_or_none() is None:
            raise UnknownCourse(course_id)
        yield tx


def _checked_shape(tx: Transaction, course_id: int, rule: CompletionRule | None) -> CourseShape:
    shape = fresh_course_shape(tx.connection, course_id)
    if rule is not None:
        check_rule(shape, rule, datetime.now(UTC))
    return shape


def _newest(shape: CourseShape) -> int:
    return shape.rule_versions[-1].version if shape.rule_versions else 0


def _changes_anything(shape: CourseShape, rule: CompletionRule | None, reevaluate: bool) -> bool:
    """False also for re-evaluating by a rule that already applies from the beginning."""
    newest = shape.rule_versions[-1] if shape.rule_versions else None
    if newest is None:
        return rule is not None
    return newest.rule != _in_order(rule) or (reevaluate and newest.applies_from is not None)


def _next_version(
    tx: Transaction, shape: CourseShape, rule: CompletionRule | None, reevaluate: bool, viewer: Viewer
) -> RuleVersion:
    """It takes effect after every existing completion, even one dated by a fast clock, so that none is revoked."""
    latest = select(func.max(CourseProgress.completed_at)).where(CourseProgress.course_id == shape.course_id)
    before = [tx.execute(latest).scalar_one(), *(each.created_at for each in shape.rule_versions)]
    created_at = max([datetime.now(UTC), *(moment + _INSTANT for moment in before if moment is not None)])
    return RuleVersion(
        version=_newest(shape) + 1,
        rule=_in_order(rule),
        applies_from=None if reevaluate else created_at,
        created_at=created_at,
        created_by=viewer.user_id,
    )


def _in_order(rule: CompletionRule | None) -> CompletionRule | None:
    """The rule in the order in which it is stored, so that two rules can be compared."""
    return rule and replace(rule, key_assignments=tuple(sorted(rule.key_assignments, key=lambda key: key.module_id)))


def _completed_count(tx: Transaction, course_id: int) -> int:
    completed = (Enrolment.course_id == course_id, Enrolment.status == "completed")
    count: int = tx.execute(select(func.count()).select_from(Enrolment).where(*completed)).scalar_one()
    return count


def _active_learners(tx: Transaction, course_id: int) -> pl.DataFrame:
    statement = (
        select(User.id.label("learner_id"), User.full_name.label("learner_name"))
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.course_id == course_id, Enrolment.status == "active")
    )
    return rows_where(tx, statement, {"learner_id": pl.Int64, "learner_name": pl.String})
