"""Courses, units and modules, and when a module counts. Each change rolls up all enrolled learners.

Everything runs inside the caller's write transaction, so that several changes can be made at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import Row, func, insert, or_, select, update

from data.locks import lock_structure
from data.models import Course, Module, ModuleSpan, RecordInfo, Unit
from data.record import Transaction, current_record
from progress.courses.enrolment import drop, enrol
from progress.courses.roll_up import roll_up_courses

__all__ = [
    "UnknownModule",
    "UnknownUnit",
    "add_course",
    "add_module",
    "add_unit",
    "apply_due_releases",
    "drop",
    "enrol",
    "hide_module",
    "publish_module",
    "require_module",
    "retire_module",
    "structure_changed",
]

_DEFAULT_RULE = {
    "lecture": "watched",
    "reading": "viewed",
    "assignment": "submitted",
    "quiz": "passed",
    "exam": "passed",
    "activity": "manual",
}
_DEFAULT_PASS_MARK = 50.0


@dataclass
class UnknownModule(Exception):
    module_id: int

    def __str__(self) -> str:
        return f"There is no module with the id {self.module_id}."


@dataclass
class UnknownUnit(Exception):
    unit_id: int

    def __str__(self) -> str:
        return f"There is no unit with the id {self.unit_id}."


def add_course(
    tx: Transaction,
    title: str,
    *,
    external_id: str | None = None,
    school_id: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> int:
    """Add a course without units; returns its id."""
    row = {"title": title, "external_id": external_id, "school_id": school_id}
    return _added(tx, Course, {**row, "starts_on": starts_on, "ends_on": ends_on})


def add_unit(
    tx: Transaction, course_id: int, title: str, *, external_id: str | None = None, position: int | None = None
) -> int:
    """Add a unit, last unless a position is given; returns its id. It counts in the total once it has modules."""
    lock_structure(tx, [course_id])
    place = position if position is not None else _next_position(tx, Unit, Unit.course_id == course_id)
    row = {"course_id": course_id, "title": title, "external_id": external_id, "position": place}
    unit_id = _added(tx, Unit, row)
    roll_up_courses(tx, [course_id])
    return unit_id


class ModuleOptions(TypedDict, total=False):
    """A module's options, apart from its unit, title and kind. Missing or null ones take the kind's default."""

    completion_rule: str | None
    is_required: bool
    duration_seconds: float | None
    media_url: str | None
    pass_mark: float | None
    score_rule: str
    watched_threshold: float
    published_at: datetime | None
    external_id: str | None
    position: int | None


def add_module(tx: Transaction, unit_id: int, title: str, kind: str, **options: Unpack[ModuleOptions]) -> int:
    """Add a module, last in its unit unless a position is given; returns its id.

    It is hidden without `published_at`; if required, it counts from then on. The default rule follows the kind:
    lectures are watched (0.9 of them), readings viewed, assignments submitted, quizzes and exams passed (at 50),
    activities completed manually. By default the best score counts.
    """
    course_id = tx.execute(select(Unit.course_id).where(Unit.id == unit_id)).scalar_one_or_none()
    if course_id is None:
        raise UnknownUnit(unit_id)
    lock_structure(tx, [course_id])
    completed = _with_defaults(tx, unit_id, kind, options)
    row = {"course_id": course_id, "unit_id": unit_id, "title": title, "kind": kind, **completed}
    module_id = _added(tx, Module, row)
    _settle(tx, _module(tx, module_id), options.get("published_at") or datetime.now(UTC))
    return module_id


def _with_defaults(tx: Transaction, unit_id: int, kind: str, options: ModuleOptions) -> ModuleOptions:
    """The options with the default rule, pass mark and position where none was given."""
    rule = options.get("completion_rule") or _DEFAULT_RULE.get(kind, "manual")
    pass_mark, position = options.get("pass_mark"), options.get("position")
    return {
        **options,
        "completion_rule": rule,
        "pass_mark": _DEFAULT_PASS_MARK if pass_mark is None and rule == "passed" else pass_mark,
        "position": _next_position(tx, Module, Module.unit_id == unit_id) if position is None else position,
    }


def publish_module(tx: Transaction, module_id: int, at: datetime) -> None:
    """Publish a hidden or retired module from `at` on. If `at` is in the future, the module is upcoming until then."""
    _change(tx, module_id, at, published_at=at, retired_at=None)


def hide_module(tx: Transaction, module_id: int, at: datetime) -> None:
    """Hide a module from `at` on: it counts neither as done nor in the total. Its history stays."""
    _change(tx, module_id, at, published_at=None)


def retire_module(tx: Transaction, module_id: int, at: datetime) -> None:
    """Retire a module at `at`, which may be in the future. It keeps its history and no longer counts."""
    _change(tx, module_id, at, retired_at=at)


def require_module(tx: Transaction, module_id: int, is_required: bool, at: datetime) -> None:
    """Make a module required or optional from `at` on."""
    _change(tx, module_id, at, is_required=is_required)


def apply_due_releases(now: datetime) -> int:
    """Start counting modules whose release is due and stop counting those whose retirement is; returns how many."""
    with current_record().reading() as connection:
        due = list(connection.execute(_due(now)).scalars())
    if due:
        with current_record().writing() as tx:
            for module_id in due:
                lock_structure(tx, [_module(tx, module_id).course_id])
                module = _module(tx, module_id)
                retires = module.retired_at is not None and module.retired_at <= now
                _settle(tx, module, module.retired_at if retires else module.published_at or now, now)
    return len(due)


def structure_changed(tx: Transaction, course_ids: Iterable[int]) -> None:
    """Update everything that depends on these courses' structure. For callers that write structure rows themselves."""
    tx.execute(update(RecordInfo).values(structure_number=tx.mark))
    roll_up_courses(tx, course_ids)


def _added(tx: Transaction, model: Any, row: dict[str, Any]) -> int:
    tx.execute(update(RecordInfo).values(structure_number=tx.mark))
    added: int = tx.execute(insert(model).returning(model.id), {**row, "changed_in": tx.number}).scalar_one()
    return added


def _next_position(tx: Transaction, model: Any, siblings: Any) -> int:
    last: int | None = tx.execute(select(func.max(model.position)).where(siblings)).scalar_one()
    return (last or 0) + 1


def _module(tx: Transaction, module_id: int) -> Row[Any]:
    row = tx.execute(select(Module.__table__).where(Module.id == module_id)).one_or_none()
    if row is None:
        raise UnknownModule(module_id)
    return row  # type: ignore[no-any-return]


def _change(tx: Transaction, module_id: int, at: datetime, **values: Any) -> None:
    lock_structure(tx, [_module(tx, module_id).course_id])
    tx.execute(update(Module).where(Module.id == module_id).values(**values, changed_in=tx.number))
    _settle(tx, _module(tx, module_id), at)


def _settle(tx: Transaction, module: Row[Any], at: datetime, now: datetime | None = None) -> None:
    """Open or close the module's span at `at` according to whether it should count now, and roll up the course."""
    now = now or datetime.now(UTC)
    if _counts(module, now):
        _open_span(tx, module.id, min(at, now))
    else:
        _close_span(tx, module.id, min(at, now))
    structure_changed(tx, [module.course_id])


def _counts(module: Row[Any], now: datetime) -> bool:
    is_published = module.published_at is not None and module.published_at <= now
    is_retired = module.retired_at is not None and module.retired_at <= now
    return bool(is_published and module.is_required and not is_retired)


def _open_span(tx: Transaction, module_id: int, at: datetime) -> None:
    spans = select(ModuleSpan.ends_at).where(ModuleSpan.module_id == module_id)
    ends = list(tx.execute(spans).scalars())
    if None not in ends:
        row = {"module_id": module_id, "starts_at": max([at, *filter(None, ends)]), "changed_in": tx.number}
        tx.execute(insert(ModuleSpan), row)


def _close_span(tx: Transaction, module_id: int, at: datetime) -> None:
    is_open = (ModuleSpan.module_id == module_id, ModuleSpan.ends_at.is_(None))
    starts_at = tx.execute(select(ModuleSpan.starts_at).where(*is_open)).scalar_one_or_none()
    if starts_at is not None:
        end = max(at, starts_at + timedelta(microseconds=1))
        tx.execute(update(ModuleSpan).where(*is_open).values(ends_at=end, changed_in=tx.number))


def _due(now: datetime) -> Any:
    """Modules that should count and do not, or the reverse."""
    open_span = select(ModuleSpan.module_id).where(ModuleSpan.ends_at.is_(None))
    retired = Module.retired_at.is_not(None) & (Module.retired_at <= now)
    begins = (Module.published_at <= now) & Module.is_required & ~retired & Module.id.not_in(open_span)
    return select(Module.id).where(or_(begins, retired & Module.id.in_(open_span))).order_by(Module.id)
