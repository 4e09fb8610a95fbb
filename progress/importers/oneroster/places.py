"""Storing organisations as schools, and academic sessions as the school's calendar."""

from datetime import datetime

import polars as pl
from sqlalchemy import select

from data.bulk import matches_any
from data.models import AcademicSession, School
from data.record import Transaction
from data.source_rows import Tally, numbered, stored_rows
from progress.courses.schools import change_time_zone, time_zones
from progress.importers.oneroster.families import parents_first, settle_parents, with_parent_ids
from progress.importers.oneroster.standard import TIME_ZONE
from progress.importers.oneroster.storing import store
from progress.importers.oneroster.table import Table

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
    """Store schools. One without a time zone in the roster keeps its own; a new one takes its parent's."""
    settle_parents(tx, orgs, School)
    ordered = parents_first(orgs.rows)
    rows = ordered.with_columns(time_zone=_time_zones(tx, ordered)).select(
        "line",
        "is_ended",
        "time_zone",
        modified_at="dateLastModified",
        external_id="sourcedId",
        name="name",
        kind="type",
        parent="parentSourcedId",
    )
    wanted = _with_parents(tx, rows, School)
    ids, tally = store(tx, orgs, School, wanted, now, _SCHOOL_WORDS, only_new=["time_zone"])
    return tally + _follow_time_zones(tx, orgs, ids)


def _time_zones(tx: Transaction, ordered: pl.DataFrame) -> pl.Series:
    """The time zone of each row; the rows come parents first."""
    known = select(School.external_id, School.time_zone).where(matches_any(tx, School.external_id, _parents(ordered)))
    zones = {str(name): zone for name, zone in tx.execute(known)}
    for name, parent, zone in ordered.select("sourcedId", "parentSourcedId", TIME_ZONE).rows():
        zones[name] = zone if zone in time_zones() else zones.get(parent, "UTC")
    return pl.Series([zones[name] for name in ordered["sourcedId"]], dtype=pl.String)


def _parents(ordered: pl.DataFrame) -> pl.Series:
    return ordered["parentSourcedId"].drop_nulls().unique()


def _follow_time_zones(tx: Transaction, orgs: Table, ids: pl.DataFrame) -> Tally:
    """Change the time zones of existing schools as the roster says, and report names that are not time zones."""
    named = orgs.rows.drop_nulls(TIME_ZONE).join(ids, on="line", maintain_order="left").select("line", "id", TIME_ZONE)
    changed_count = 0
    for line, school_id, zone in named.rows():
        is_known = zone in time_zones()
        is_changed = is_known and change_time_zone(tx, [school_id], zone) > 0
        changed_count += is_changed
        words = f"time zone: {zone}" if is_known else f"the time zone “{zone}” is none that is known here"
        if is_changed or not is_known:
            result = {"line": [line], "outcome": ["updated" if is_changed else "unchanged"], "reason": [words]}
            orgs.report(pl.DataFrame(result))
    return Tally(updated=changed_count)


def store_sessions(tx: Transaction, sessions: Table, now: datetime) -> Tally:
    reason = pl.format("endDate {} is before startDate {}", "endDate", "startDate")
    sessions.refuse(pl.col("endDate") < pl.col("startDate"), reason)
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
