"""The stored versions of a course's completion rule."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, insert, select

from data.models import CourseCompletionRule, CourseKeyAssignment
from data.record import Transaction
from progress.completion.course_rule import CompletionRule, KeyAssignment, RuleVersion


def rule_versions(connection: Connection, course_id: int) -> tuple[RuleVersion, ...]:
    """Every version, oldest first; empty if the course never had a rule."""
    rows = connection.execute(_VERSIONS, {"course_id": course_id})
    return tuple(_version(list(group)) for _, group in groupby(rows, key=lambda row: row.version))


def add_rule_version(tx: Transaction, course_id: int, added: RuleVersion) -> None:
    """Store one more version. The caller rolls up everyone's rows."""
    key = {"course_id": course_id, "version": added.version, "changed_in": tx.number}
    rule = added.rule or CompletionRule()
    parts = {"lecture_share": rule.lecture_share, "minimum_score": rule.minimum_score}
    origin = {"applies_from": added.applies_from, "created_at": added.created_at, "created_by": added.created_by}
    tx.execute(insert(CourseCompletionRule), {**key, **parts, **origin, "completes_by_units": added.rule is None})
    if rule.key_assignments:
        tx.execute(insert(CourseKeyAssignment), [{**key, **vars(each)} for each in rule.key_assignments])


def _version(rows: list[Row[Any]]) -> RuleVersion:
    first = rows[0]
    rule = CompletionRule(first.lecture_share, tuple(_keys(rows)), first.minimum_score)
    return RuleVersion(
        version=first.version,
        rule=None if first.completes_by_units else rule,
        applies_from=first.applies_from,
        created_at=first.created_at,
        created_by=first.created_by,
    )


def _keys(rows: Iterable[Row[Any]]) -> Iterable[KeyAssignment]:
    return (KeyAssignment(row.module_id, row.needs) for row in rows if row.module_id is not None)


_COURSE: BindParameter[int] = bindparam("course_id")
_VERSIONS = (
    select(CourseCompletionRule.__table__, CourseKeyAssignment.module_id, CourseKeyAssignment.needs)
    .outerjoin(
        CourseKeyAssignment,
        and_(
            CourseKeyAssignment.course_id == CourseCompletionRule.course_id,
            CourseKeyAssignment.version == CourseCompletionRule.version,
        ),
    )
    .where(CourseCompletionRule.course_id == _COURSE)
    .order_by(CourseCompletionRule.version, CourseKeyAssignment.module_id)
)
