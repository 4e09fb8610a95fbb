"""Organisations as schools, and academic sessions as the school's calendar."""

from datetime import datetime

import polars as pl

from data.bulk import matches_any
from data.models import AcademicSession, School
from data.record import Transaction
from progress.importers.oneroster.families import parents_first, settle_parents, with_parent_ids
from progress.importers.oneroster.storing import store
from progress.importers.oneroster.table import Table
from progress.importers.report import Tally
from progress.importers.writing import numbered, stored_rows

_SCHOOL_WORDS = {"name": "name", "kind": "type", "parent_id": "parent", "ended_at": "end"}
_SESSION_WORDS = {
    "title": "title",
    "kind": "type",
    "starts_on": "start",
    "ends_on": "end",
    "parent_id": "parent",
    "school_year": "school year",
    "ended_at": "end date",
}


def store_schools(tx: Transaction, orgs: Table, now: datetime) -> Tally:
    """A new school's days begin in UTC; its time zone is set here and never by a roster, which knows none."""
    settle_parents(tx, orgs, School)
    rows = parents_first(orgs.rows).select(
        "line",
        "is_ended",
        modified_at="dateLastModified",
        external_id="sourcedId",
        name="name",
        kind="type",
        parent="parentSourcedId",
        time_zone=pl.lit("UTC"),
    )
    wanted = _with_parents(tx, rows, School)
    return store(tx, orgs, School, wanted, now, _SCHOOL_WORDS, only_new=["time_zone"])[1]


def store_sessions(tx: Transaction, sessions: Table, now: datetime) -> Tally:
    told = pl.format("endDate {} is before startDate {}", "endDate", "startDate")
    sessions.refuse(pl.col("endDate") < pl.col("startDate"), told)
    settle_parents(tx, sessions, AcademicSession)
    rows = parents_first(sessions.rows).select(
        "line",
        "is_ended",
        modified_at="dateLastModified",
        external_id="sourcedId",
        title="title",
        kind="type",
        starts_on="startDate",
        ends_on="endDate",
        parent="parentSourcedId",
        school_year="schoolYear",
    )
    return store(tx, sessions, AcademicSession, _with_parents(tx, rows, AcademicSession), now, _SESSION_WORDS)[1]


def _with_parents(tx: Transaction, rows: pl.DataFrame, model: type[School] | type[AcademicSession]) -> pl.DataFrame:
    stored = stored_rows(tx, model, matches_any(tx, model.external_id, rows["external_id"]))
    return with_parent_ids(tx, numbered(tx, model, rows, stored, ["external_id"]), model)
