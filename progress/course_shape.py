"""What a course consists of and what of it counted when, as recording and roll-ups need it. Reads, never writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import zip_longest
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from data.models import Module, ModuleSpan, RecordInfo, Unit
from data.record import Transaction
from progress.fold import ModuleRule


@dataclass(frozen=True)
class Epoch:
    """A stretch of time, up to but without `ends_at`, in which the same modules counted."""

    starts_at: datetime
    ends_at: datetime | None
    module_ids: frozenset[int]


@dataclass(frozen=True)
class Span:
    module_id: int
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class ModuleFacts:
    module_id: int
    unit_id: int
    title: str
    rule: ModuleRule
    published_at: datetime | None


@dataclass(frozen=True)
class CourseShape:
    """A course's units and modules, and the spans in which each module counted."""

    course_id: int
    unit_ids: tuple[int, ...]
    modules: Mapping[int, ModuleFacts]
    spans: tuple[Span, ...]
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

    def epochs_of_unit(self, unit_id: int) -> tuple[Epoch, ...]:
        if unit_id not in self.unit_epochs:
            own = [span for span in self.spans if self.modules[span.module_id].unit_id == unit_id]
            self.unit_epochs[unit_id] = epochs(own)
        return self.unit_epochs[unit_id]


def epochs(spans: Iterable[Span]) -> tuple[Epoch, ...]:
    """The stretches between changes of what counted, in order of time; those in which nothing counted are left out."""
    listed = list(spans)
    edges = sorted({s.starts_at for s in listed} | {s.ends_at for s in listed if s.ends_at is not None})
    stretches = (
        Epoch(start, end, frozenset(s.module_id for s in listed if _covers(s, start)))
        for start, end in zip_longest(edges, edges[1:])
    )
    return tuple(epoch for epoch in stretches if epoch.module_ids)


def _covers(span: Span, moment: datetime) -> bool:
    return span.starts_at <= moment and (span.ends_at is None or moment < span.ends_at)


def course_shape(tx: Transaction, course_id: int) -> CourseShape:
    """The shape of a course as this transaction sees it; kept in memory until any structure changes."""
    key = (tx.record_uuid, _structure_number(tx), course_id)
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
    return CourseShape(course_id, units, modules, spans)


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


def _structure_number(tx: Transaction) -> int:
    """On PostgreSQL another transaction may have changed the structure since this one began and waited for a lock."""
    if tx.is_sqlite:
        return tx.structure_number
    number: int = tx.execute(select(RecordInfo.structure_number)).scalar_one()
    return number


def _facts(row: Row[Any]) -> ModuleFacts:
    rule = ModuleRule(row.completion_rule, row.pass_mark, row.score_rule, row.watched_threshold, row.duration_seconds)
    return ModuleFacts(row.id, row.unit_id, row.title, rule, row.published_at)
