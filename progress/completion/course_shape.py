"""What a course consists of and what of it counted when, as recording and roll-ups need it. Reads, never writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from data.models import Module, ModuleSpan, RecordInfo, Unit
from data.record import Transaction
from progress.completion.course_parts import Epoch, ModuleFacts, Span, epochs
from progress.completion.course_terms import Grant, grants
from progress.completion.module_state import ModuleRule
from progress.courses.rule_versions import RuleVersion, rule_versions

__all__ = ["CourseShape", "Epoch", "ModuleFacts", "Span", "course_shape", "fresh_course_shape"]


@dataclass(frozen=True)
class CourseShape:
    """A course's units and modules, the spans in which each module counted, and the versions of its completion rule."""

    course_id: int
    unit_ids: tuple[int, ...]
    modules: Mapping[int, ModuleFacts]
    spans: tuple[Span, ...]
    rule_versions: tuple[RuleVersion, ...] = ()
    unit_epochs: dict[int, tuple[Epoch, ...]] = field(init=False, default_factory=dict)

    @cached_property
    def counting(self) -> frozenset[int]:
        """The modules that count now."""
        return frozenset(span.module_id for span in self.spans if span.ends_at is None)

    @cached_property
    def counting_by_unit(self) -> dict[int, frozenset[int]]:
        """Every unit with the modules that count in it now; empty units too."""
        return {u: frozenset(m for m in self.counting if self.modules[m].unit_id == u) for u in self.unit_ids}

    @cached_property
    def epochs(self) -> tuple[Epoch, ...]:
        return epochs(self.spans)

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """What the versions of the rule grant; nothing where there never was a rule, and “all units” holds alone."""
        return grants(self.rule_versions, self.epochs, self.modules)

    @cached_property
    def key_modules(self) -> frozenset[int]:
        """The modules whose events decide on the completion of the course."""
        return frozenset(key.module_id for grant in self.grants for term in grant.terms for key in term.keys)

    def epochs_of_unit(self, unit_id: int) -> tuple[Epoch, ...]:
        if unit_id not in self.unit_epochs:
            own = [span for span in self.spans if self.modules[span.module_id].unit_id == unit_id]
            self.unit_epochs[unit_id] = epochs(own)
        return self.unit_epochs[unit_id]


def course_shape(tx: Transaction, course_id: int) -> CourseShape:
    """The shape of a course as this transaction sees it; kept in memory until any structure changes."""
    key = (tx.record_uuid, _structure_mark(tx), course_id)
    shape = _shapes.get(key)
    if shape is None:
        if len(_shapes) >= _MOST_SHAPES:
            _shapes.clear()
        shape = _shapes[key] = fresh_course_shape(tx.connection, course_id)
    return shape


def fresh_course_shape(connection: Connection, course_id: int) -> CourseShape:
    """The shape of a course, read now: for the transaction that is changing it."""
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
    """On PostgreSQL another transaction may have changed the structure since this one began and waited for a lock."""
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
