"""The sample school's courses, units and modules, from the tables in `courses/`."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from data.record import Transaction
from progress.courses.structure import add_course, add_module, add_unit, retire_module
from progress.sample.term import Term

_TABLES = Path(__file__).parent / "courses"


@dataclass(frozen=True)
class SampleModule:
    """A module that was open when the term began."""

    module_id: int
    external_id: str
    kind: str
    is_required: bool
    duration_seconds: float | None
    retired_at: datetime | None


@dataclass(frozen=True)
class SampleCourse:
    """A course with the modules that were open when the term began, in their order."""

    course_id: int
    external_id: str
    modules: tuple[SampleModule, ...]


def add_courses(tx: Transaction, school_id: int, term: Term) -> dict[str, SampleCourse]:
    """Add all courses; returns them by external id."""
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_TABLES.glob("*.toml"))]
    return {table["external_id"]: _add_course(tx, school_id, term, table) for table in tables}


def _add_course(tx: Transaction, school_id: int, term: Term, table: dict[str, Any]) -> SampleCourse:
    course_id = add_course(
        tx,
        table["title"],
        external_id=table["external_id"],
        school_id=school_id,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
    )
    modules: list[SampleModule] = []
    for position, unit in enumerate(table["units"], start=1):
        unit_external_id = f"{table['external_id']}-{position}"
        unit_id = add_unit(tx, course_id, unit["title"], external_id=unit_external_id, position=position)
        modules += _add_modules(tx, unit_id, unit_external_id, term, unit["modules"])
    return SampleCourse(course_id, table["external_id"], tuple(modules))


def _add_modules(
    tx: Transaction, unit_id: int, unit_external_id: str, term: Term, rows: list[dict[str, Any]]
) -> list[SampleModule]:
    added = [_add_module(tx, unit_id, f"{unit_external_id}-{number}", term, row) for number, row in enumerate(rows, 1)]
    return [module for module, row in zip(added, rows, strict=True) if not row.get("opens")]


def _add_module(tx: Transaction, unit_id: int, external_id: str, term: Term, row: dict[str, Any]) -> SampleModule:
    """The keys of a row: kind, title; minutes or seconds (of a lecture), clip (its video), pass_mark, optional,
    retired, and `opens`: in how many days it opens or, if negative, how many days ago it was added."""
    is_required, duration_seconds = not row.get("optional"), row.get("seconds", row.get("minutes", 0) * 60.0) or None
    module_id = add_module(
        tx,
        unit_id,
        row["title"],
        row["kind"],
        is_required=is_required,
        duration_seconds=duration_seconds,
        media_url=f"/clips/{row['clip']}.mp4" if "clip" in row else None,
        pass_mark=row.get("pass_mark"),
        published_at=_published_at(term, row),
        external_id=external_id,
    )
    retired_at = term.at(term.week(7), time(8)) if row.get("retired") else None
    if retired_at:
        retire_module(tx, module_id, retired_at)
    return SampleModule(module_id, external_id, row["kind"], is_required, duration_seconds, retired_at)


def _published_at(term: Term, row: dict[str, Any]) -> datetime:
    day = term.today + timedelta(days=row["opens"]) if "opens" in row else term.starts_on - timedelta(days=7)
    return term.at(day, time(8))
