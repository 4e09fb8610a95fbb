"""The shapes of courses, read from the record and cached until the structure of any course changes."""

from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from data.models import Module, ModuleSpan, RecordInfo, Unit
from data.record import Transaction
from progress.completion.course_parts import ModuleFacts, Span
from progress.completion.course_shape import CourseShape
from progress.completion.module_state import ModuleRule
from progress.courses.rule_versions import rule_versions


def course_shape(tx: Transaction, course_id: int) -> CourseShape:
    """The shape of a course as this transaction sees it; cached."""
    key = (tx.record_uuid, _structure_mark(tx), course_id)
    shape = _shapes.get(key)
    if shape is None:
        if len(_shapes) >= _MOST_SHAPES:
            _shapes.clear()
        shape = _shapes[key] = fresh_course_shape(tx.connection, course_id)
    return shape


def fresh_course_shape(connection: Connection, course_id: int) -> CourseShape:
    """The shape of a course, not cached: for the transaction that is changing it."""
    bound = {"course_id": course_id}
    modules = {row.id: _facts(row) for row in connection.execute(_MODULES, bound)}
    units = tuple(connection.execute(_UNITS, bound).scalars())
    spans = tuple(Span(*row) for row in connection.execute(_SPANS, bound))
    return CourseShape(course_id, units, modules, spans, rule_versions(connection, course_id))


_MOST_SHAPES = 256
_shapes: dict[tuple[str, int, int], CourseShape] = {}

_COURSE: BindParameter[int] = bindparam("course_id")
_UNITS = select(Unit.id).where(Unit.course_id == _COURSE).order_by(Unit.position, Unit.id)
_MODULES = select(Module.__table__).where(Module.course_id == _COURSE)
_SPANS = (
    select(ModuleSpan.module_id, ModuleSpan.starts_at, ModuleSpan.ends_at)
    .join(Module, Module.id == ModuleSpan.module_id)
    .where(Module.course_id == _COURSE)
    .order_by(ModuleSpan.starts_at)
)


def _structure_mark(tx: Transaction) -> int:
    """Read anew on PostgreSQL, where another transaction may have changed it while this one waited for a lock."""
    if tx.is_sqlite:
        return tx.structure_mark
    mark: int = tx.execute(select(RecordInfo.structure_number)).scalar_one()
    return mark


def _facts(row: Row[Any]) -> ModuleFacts:
    rule = ModuleRule(row.completion_rule, row.pass_mark, row.score_rule, row.watched_threshold, row.duration_seconds)
    return ModuleFacts(
        module_id=row.id,
        unit_id=row.unit_id,
        title=row.title,
        kind=row.kind,
        rule=rule,
        is_required=row.is_required,
        published_at=row.published_at,
        retired_at=row.retired_at,
    )
