"""`/audit-entries`: who did what to accounts, rights and data, for administrators, as JSON or as a file."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, Field

from api.answers.fields import Id
from api.answers.problems import documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.exports import MEDIA_TYPES, FileWhileItIsWritten, Format
from data.viewer import Viewer
from progress.audit.noting import KINDS
from progress.audit.reads import note_export
from progress.audit.trail import MOST_ENTRIES, TrailFilter, audit_trail, trail_frames
from queries.exports.formats import as_csv
from queries.exports.workbook import as_xlsx

AUDIT_ENTRIES = APIRouter(route_class=SignedInRoute, tags=["Audit trail"])

_MANAGE = {"x-scope": "manage"}
_EXPORT = _MANAGE | {"x-rate-limit": "export"}
_FILE: dict[str, Any] = {
    "description": "The file. Its first line bears the names of the columns.",
    "content": {
        MEDIA_TYPES[Format.CSV]: {
            "schema": {"type": "string", "format": "binary"},
            "example": "entry_id,happened_at,kind,what_happened\n12,2026-03-02T09:14:00Z,role.given,Role given\n",
        },
        MEDIA_TYPES[Format.XLSX]: {"schema": {"type": "string", "format": "binary"}},
    },
}


class AuditFormat(StrEnum):
    """How the entries are written."""

    CSV = "csv"
    XLSX = "xlsx"


class AuditEntryAnswer(BaseModel):
    """Something that was done. Without `actor_id` the command line did it, or Waymark by itself."""

    entry_id: int = Field(examples=[12])
    happened_at: datetime = Field(examples=["2026-03-02T09:14:00Z"])
    kind: str = Field(examples=["role.given"], json_schema_extra={"enum": list(KINDS)})
    what_happened: str = Field(examples=["Role given"])
    actor_id: int | None = Field(examples=[3])
    actor_name: str = Field(examples=["Ines Head"])
    subject_id: int | None = Field(examples=[17])
    subject_name: str | None = Field(examples=["Ada Lovelace"])
    address: str | None = Field(examples=["192.0.2.0"])
    details: str = Field(examples=["role: teacher"])


class AuditEntriesAnswer(BaseModel):
    """The newest first. To go on, send the last `entry_id` as `before_id`."""

    entries: list[AuditEntryAnswer]


def _wanted(
    kind: Annotated[
        str | None, Query(description="Of this kind alone.", json_schema_extra={"enum": list(KINDS)})
    ] = None,
    person_id: Annotated[Id | None, Query(description="Done by this person, or about them.")] = None,
    since: Annotated[datetime | None, Query(description="From this moment on.")] = None,
    until: Annotated[datetime | None, Query(description="Before this moment.")] = None,
) -> TrailFilter:
    return TrailFilter(kind, person_id, since and since.astimezone(), until and until.astimezone())


Wanted = Annotated[TrailFilter, Depends(_wanted)]


@AUDIT_ENTRIES.get(
    "/audit-entries",
    summary="Who did what to accounts, rights and data",
    openapi_extra=_MANAGE,
    responses=documented(401, 403, 422, 429),
)
def audit_entries(
    viewer: SignedIn,
    wanted: Wanted,
    before_id: Annotated[Id | None, Query(description="Older than this entry.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES, description="Entries to give.")] = 100,
) -> AuditEntriesAnswer:
    """What was done to accounts, roles, guardians, tokens, rules and data, for administrators."""
    _require_administrator(viewer)
    rows = audit_trail(viewer, wanted, before_id=before_id, limit=limit)
    moments = rows.with_columns(rows["happened_at"].dt.replace_time_zone("UTC"))
    return AuditEntriesAnswer(entries=[AuditEntryAnswer.model_validate(row) for row in moments.to_dicts()])


@AUDIT_ENTRIES.get(
    "/audit-entries/export",
    summary="The audit trail as a file",
    status_code=200,
    response_class=FileWhileItIsWritten,
    openapi_extra=_EXPORT,
    responses={200: _FILE, **documented(401, 403, 422, 429)},
)
def audit_export(
    viewer: SignedIn,
    wanted: Wanted,
    chosen: Annotated[AuditFormat, Query(alias="format", description="How to write it.")] = AuditFormat.CSV,
) -> FileWhileItIsWritten:
    """All entries that fit, for administrators. That it was taken is an entry too."""
    _require_administrator(viewer)
    note_export(viewer, "audit_trail", chosen)
    frames = partial(trail_frames, viewer, wanted)
    pieces = as_csv(frames()) if chosen is AuditFormat.CSV else as_xlsx(frames)
    return FileWhileItIsWritten(pieces, MEDIA_TYPES[Format(chosen)], f"waymark-audit-trail.{chosen}")


def _require_administrator(viewer: Viewer) -> None:
    if not viewer.sees_everyone:
        raise HTTPException(403, "Only administrators can read the audit trail.")
