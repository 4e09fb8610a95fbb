"""Reading the audit trail with people's names, newest entries first, for administrators only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from data.models import AuditEntry, User
from data.record import current_record
from data.viewer import Viewer, require_administrator
from progress.audit.noting import KINDS

ROWS_OF_A_FRAME = 10_000
MOST_ENTRIES = 1_000

TRAIL_SCHEMA: dict[str, Any] = {
    "entry_id": pl.Int64,
    "happened_at": pl.Datetime("us"),
    "kind": pl.String,
    "what_happened": pl.String,
    "actor_id": pl.Int64,
    "actor_name": pl.String,
    "subject_id": pl.Int64,
    "subject_name": pl.String,
    "address": pl.String,
    "details": pl.String,
}


@dataclass(frozen=True)
class TrailFilter:
    """All given conditions must hold. `person_id` is the actor or the subject; `until` is exclusive."""

    kind: str | None = None
    person_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def audit_trail(
    viewer: Viewer, wanted: TrailFilter = TrailFilter(), *, before_id: int | None = None, limit: int = 100
) -> pl.DataFrame:
    """At most `limit` entries (TRAIL_SCHEMA), newest first; `before_id` continues after an earlier answer.

    Times are naive UTC, as in all frames. Administrators only: raises NotAllowed.
    """
    require_administrator(viewer)
    statement = _entries(wanted).limit(min(limit, MOST_ENTRIES))
    return _frame(statement if before_id is None else statement.where(AuditEntry.id < before_id))


def trail_frames(viewer: Viewer, wanted: TrailFilter = TrailFilter()) -> Iterator[pl.DataFrame]:
    """All entries, in one or more frames. Administrators only: raises NotAllowed immediately."""
    require_administrator(viewer)
    return _frames(wanted)


def _frames(wanted: TrailFilter) -> Iterator[pl.DataFrame]:
    frame = _frame(_entries(wanted).limit(ROWS_OF_A_FRAME))
    yield frame
    while frame.height == ROWS_OF_A_FRAME:
        last: int = frame["entry_id"][-1]
        frame = _frame(_entries(wanted).where(AuditEntry.id < last).limit(ROWS_OF_A_FRAME))
        yield frame


def _entries(wanted: TrailFilter) -> Select[*tuple[Any, ...]]:
    found = _ENTRIES
    if wanted.kind is not None:
        found = found.where(AuditEntry.kind == wanted.kind)
    if wanted.person_id is not None:
        found = found.where(or_(AuditEntry.actor_id == wanted.person_id, AuditEntry.subject_id == wanted.person_id))
    if wanted.since is not None:
        found = found.where(AuditEntry.happened_at >= wanted.since)
    if wanted.until is not None:
        found = found.where(AuditEntry.happened_at < wanted.until)
    return found


def _frame(statement: Select[*tuple[Any, ...]]) -> pl.DataFrame:
    with current_record().reading() as connection:
        rows = connection.execute(statement).all()
    return pl.DataFrame([_line(row) for row in rows], schema=TRAIL_SCHEMA, orient="row")


def _line(row: Any) -> tuple[Any, ...]:
    moment = row.happened_at.replace(tzinfo=None)
    words = KINDS.get(row.kind, row.kind)
    actor = row.actor_name or ("" if row.kind == "sign_in.failed" else "Waymark or its command line")
    given = {name.replace("_", " "): value for name, value in json.loads(row.details).items() if value is not None}
    details = "; ".join(f"{name}: {_plain(value)}" for name, value in given.items())
    people = (row.actor_id, actor, row.subject_id, row.subject_name, row.address)
    return row.id, moment, row.kind, words, *people, details


def _plain(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


_ACTOR, _SUBJECT = aliased(User), aliased(User)
_ENTRIES = (
    select(
        AuditEntry.id,
        AuditEntry.happened_at,
        AuditEntry.kind,
        AuditEntry.actor_id,
        _ACTOR.full_name.label("actor_name"),
        AuditEntry.subject_id,
        _SUBJECT.full_name.label("subject_name"),
        AuditEntry.address,
        AuditEntry.details,
    )
    .outerjoin(_ACTOR, _ACTOR.id == AuditEntry.actor_id)
    .outerjoin(_SUBJECT, _SUBJECT.id == AuditEntry.subject_id)
    .order_by(AuditEntry.id.desc())
)
