"""The days of roles in roles.csv. What lies ahead is stored as a claim and takes effect on its day by itself."""

from datetime import datetime

import polars as pl
from sqlalchemy import ColumnElement, delete, or_, select

from data.bulk import matches_any, rows_where
from data.models import RoleClaim, School, User
from data.record import Transaction
from data.school_days import beginnings_of, today_of
from data.source_rows import stored_rows, write_rows
from progress.importers.oneroster.storing import known_ids
from progress.importers.oneroster.table import Table
from progress.importers.oneroster.values import LONGEST_ID
from progress.people.role_claims import PAIR, claims_of, claims_where, holding, mark_holding

_ID = ["external_id"]


def with_days(tx: Transaction, rows: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Rows of roles.csv with `begins_on`, `over_on`, `over_at` (naive UTC) and `today`, in their school's time zone."""
    schools = known_ids(tx, School, rows["orgSourcedId"]).select(orgSourcedId="external_id", school_id="id")
    people = select(User.id.label("user_id"), School.time_zone).join(School, School.id == User.school_id)
    where_they_are = people.where(matches_any(tx, User.id, rows["user_id"].unique()))
    zones = rows_where(tx, select(School.id.label("school_id"), School.time_zone), _zones("school_id"))
    named = (
        rows.join(schools, on="orgSourcedId", how="left", maintain_order="left")
        .join(zones, on="school_id", how="left", maintain_order="left")
        .join(
            rows_where(tx, where_they_are, _zones("user_id")),
            on="user_id",
            how="left",
            maintain_order="left",
            suffix="_of_person",
        )
        .with_columns(
            time_zone=pl.coalesce("time_zone", "time_zone_of_person", pl.lit("UTC")),
            begins_on="beginDate",
            over_on=pl.col("endDate").dt.offset_by("1d"),
        )
    )
    return beginnings_of(today_of(named, now), "over_on", "over_at")


def begin_anew(tx: Transaction, claims: pl.DataFrame, now: datetime) -> pl.Series:
    """The lines of claims that hold today but now begin later according to the roster."""
    later = claims.filter("is_later")
    before = holding(claims_where(tx, matches_any(tx, RoleClaim.external_id, later["external_id"])), now)
    return later.join(before, on=[*_ID, *PAIR], how="semi")["line"]


def store_claims(
    tx: Transaction, roles: Table, claims: pl.DataFrame, leavers: pl.DataFrame, now: datetime
) -> pl.DataFrame:
    """Store the claims with their days; returns (line, PAIR, outcome, reason) of changes to what lies ahead.

    A claim is deleted once it has ended, its person has left, or a bulk file no longer contains it.
    """
    standing = claims.filter(~pl.col("is_ended") & pl.col("role").is_not_null())
    standing = standing.join(leavers, on="user_id", how="anti", maintain_order="left")
    stored = stored_rows(tx, RoleClaim, matches_any(tx, RoleClaim.external_id, standing["external_id"]))
    columns = [name for name in stored.columns if name != "holds"]
    wanted = standing.join(stored.select(*_ID, "holds"), on=_ID, how="left", maintain_order="left")
    write_rows(tx, RoleClaim, wanted.select(*columns, pl.col("holds").fill_null(False)), stored, _ID)
    gone = _withdrawn(tx, roles, claims, leavers)
    withdrawn = today_of(claims_where(tx, gone), now).filter(
        (pl.col("begins_on") > pl.col("today")) | (pl.col("over_on") > pl.col("today"))
    )
    tx.execute(delete(RoleClaim).where(gone))
    mark_holding(tx, claims_of(tx, standing["user_id"].unique()), now)
    results = _results(standing, stored)
    lost = withdrawn.select(pl.lit(None, pl.Int64).alias("line"), *PAIR)
    return pl.concat([results, lost.with_columns(outcome=pl.lit("updated"), reason=pl.lit(None, pl.String))])


def _zones(key: str) -> dict[str, type[pl.DataType]]:
    return {key: pl.Int64, "time_zone": pl.String}


def _withdrawn(tx: Transaction, roles: Table, claims: pl.DataFrame, leavers: pl.DataFrame) -> ColumnElement[bool]:
    ended = claims.filter(pl.col("is_ended"))["external_id"]
    gone = or_(matches_any(tx, RoleClaim.external_id, ended), matches_any(tx, RoleClaim.user_id, leavers["user_id"]))
    if not roles.is_present or roles.is_delta:
        return gone
    listed = roles.raw["sourcedId"].drop_nulls()
    of_file = or_(
        matches_any(tx, RoleClaim.school_id, known_ids(tx, School, _named(roles, "orgSourcedId"))["id"]),
        matches_any(tx, RoleClaim.user_id, known_ids(tx, User, _named(roles, "userSourcedId"))["id"]),
    )
    return or_(gone, of_file & ~matches_any(tx, RoleClaim.external_id, listed))


def _named(roles: Table, column: str) -> pl.Series:
    return roles.raw[column].str.slice(0, LONGEST_ID + 1)


def _results(standing: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    was = stored.select(*_ID, was_stored=pl.lit(True), was_begins_on="begins_on", was_over_on="over_on")
    both = standing.join(was, on=_ID, how="left", maintain_order="left")
    is_new = pl.col("was_stored").is_null()
    has_changed = pl.any_horizontal(
        pl.col("over_on").ne_missing(pl.col("was_over_on")),
        pl.col("is_later") & pl.col("begins_on").ne_missing(pl.col("was_begins_on")),
    )
    reason = (
        pl.when("is_later")
        .then(pl.format("role {} begins on {}", "role", "begins_on"))
        .when(pl.col("over_on").is_not_null())
        .then(pl.format("role {} ends after {}", "role", pl.col("over_on").dt.offset_by("-1d")))
        .otherwise(pl.format("role {} has no end any more", "role"))
    )
    outcome = pl.when(is_new & pl.col("is_later")).then(pl.lit("created")).otherwise(pl.lit("updated"))
    return both.filter(has_changed).select("line", *PAIR, outcome=outcome, reason=reason)
