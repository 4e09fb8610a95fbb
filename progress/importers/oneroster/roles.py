"""Giving and ending roles as the roster says. Roles that the roster does not mention are left alone."""

from datetime import datetime

import polars as pl
from sqlalchemy import select

from data.bulk import matches_any, rows_where
from data.models import School, User, UserRole
from data.moments import naive_utc
from data.record import Transaction
from data.source_rows import Tally, stored_rows, write_rows
from progress.audit.imports import note_roles
from progress.importers.oneroster.role_days import begin_anew, store_claims, with_days
from progress.importers.oneroster.standard import ROLES_HERE
from progress.importers.oneroster.storing import end_date, known_ids, outcomes, refer, tally_of
from progress.importers.oneroster.table import Table, ids_of
from progress.importers.oneroster.values import TIME
from progress.people.accounts import IS_LAST_ADMINISTRATOR, last_administrators
from progress.people.role_claims import PAIR, claims_of, holding

_KEY = PAIR
_SCHEMA = {"user_id": pl.Int64, "role": pl.String, "ended_at": TIME}
_NOTHING_AHEAD = pl.DataFrame(
    schema={"line": pl.Int64, "user_id": pl.Int64, "role": pl.String, "outcome": pl.String, "reason": pl.String}
)


def check_roles(tx: Transaction, roles: Table, users: Table, profiles: Table) -> None:
    """Leave out rows of roles.csv and userProfiles.csv about unknown people."""
    known = pl.concat([ids_of(users), known_ids(tx, User, roles.rows["userSourcedId"])["external_id"]])
    roles.leave_out_rows("userSourcedId", known)
    roles.leave_out_unknown("orgSourcedId", known_ids(tx, School, roles.rows["orgSourcedId"])["external_id"])
    reason = pl.format("endDate {} is before beginDate {}", "endDate", "beginDate")
    roles.refuse(pl.col("endDate") < pl.col("beginDate"), reason)
    owners = pl.concat([ids_of(users), known_ids(tx, User, profiles.rows["userSourcedId"])["external_id"]])
    profiles.leave_out_rows("userSourcedId", owners)
    if profiles.is_present and not profiles.is_delta:  # profiles are not stored, so only a bulk file shows which exist
        roles.leave_out_unknown("userProfileSourcedId", ids_of(profiles))
    profiles.ignore_rest("credentials for other applications are not stored")


def claims_of_users(users: Table, ids: pl.DataFrame) -> pl.DataFrame:
    """Version 1.1: one claim for each user's row: line, user_id, role, is_ended, is_later, modified_at."""
    rows = users.rows.join(ids, on="line", maintain_order="left")
    without_days = {"is_later": pl.lit(False), "over_at": pl.lit(None, TIME)}
    return _claims(rows.rename({"id": "user_id"}).with_columns(**without_days))


def claims_of_roles(tx: Transaction, roles: Table, now: datetime) -> pl.DataFrame:
    """Version 1.2: one claim for each row of roles.csv, with `external_id`, `school_id`, `begins_on`, `over_on` too."""
    refer(tx, roles, User, "userSourcedId", "user_id")
    days = with_days(tx, roles.rows, now)
    is_over = (pl.col("over_on") <= pl.col("today")).fill_null(False)
    is_later = (pl.col("begins_on") > pl.col("today")).fill_null(False)
    dated = days.with_columns(
        external_id="sourcedId",
        is_ended=pl.col("is_ended") | is_over,
        is_later=is_later,
        over_at=pl.when(is_over).then("over_at"),
    )
    return _claims(dated, "external_id", "school_id", "begins_on", "over_on")


def store_roles(tx: Transaction, table: Table, claims: pl.DataFrame, leavers: pl.DataFrame, now: datetime) -> Tally:
    """Give and end roles by a table's claims, and store claims with days. All roles of leavers end.

    Refuses to end the role of the last administrator who can sign in. `leavers` has (user_id, modified_at).
    """
    has_days = "begins_on" in claims.columns
    anew = begin_anew(tx, claims, now) if has_days else pl.Series(dtype=pl.Int64)
    claims = _without_last_administrator(tx, table, claims, anew)
    stops = pl.col("line").is_in(anew.implode())
    ours = claims.filter(pl.col("role").is_not_null() & (~pl.col("is_later") | stops))
    ours = ours.with_columns(
        is_ended=pl.col("is_ended") | stops, modified_at=pl.when(~stops).then("modified_at").cast(TIME)
    )
    ahead = store_claims(tx, table, claims, leavers, now) if has_days else _NOTHING_AHEAD
    results = _store(tx, ours, leavers, now)
    _report(table, claims, results, ahead)
    return tally_of(_with_ahead(results, ahead))


def _store(tx: Transaction, ours: pl.DataFrame, leavers: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Give and end roles; returns what became of each (user_id, role, outcome)."""
    held = ours.filter(~pl.col("is_ended")).join(leavers, on="user_id", how="anti").select(_KEY).unique()
    people = pl.concat([ours["user_id"], leavers["user_id"]]).unique()
    stored = stored_rows(tx, UserRole, matches_any(tx, UserRole.user_id, people))
    elsewhere = holding(claims_of(tx, people), now)
    ended = _ended(stored, ours, leavers, now).join(held, on=_KEY, how="anti").join(elsewhere, on=_KEY, how="anti")
    wanted = pl.concat([held.with_columns(ended_at=pl.lit(None, TIME)), ended]).select(*_SCHEMA)
    results = outcomes(write_rows(tx, UserRole, wanted, stored, _KEY), stored, _KEY, {})
    note_roles(tx, results)
    return results


def _with_ahead(results: pl.DataFrame, ahead: pl.DataFrame) -> pl.DataFrame:
    """The outcome of each role, counting changes to what lies ahead."""
    changed = ahead.sort("outcome").select(*_KEY, "outcome").unique(_KEY, keep="first", maintain_order=True)
    both = results.select(*_KEY, "outcome").join(changed, on=_KEY, how="full", suffix="_ahead", coalesce=True)
    own = pl.when(pl.col("outcome") != "unchanged").then("outcome")
    return both.select(*_KEY, outcome=pl.coalesce(own, "outcome_ahead", "outcome"))


def report_further_roles(tx: Transaction, users: Table, ids: pl.DataFrame, claims: pl.DataFrame) -> None:
    """Report roles that people have here but not in the roster. They keep them, because people give roles too."""
    listed = (users.rows if not users.is_delta else users.rows.clear()).join(ids, on="line")
    further = (
        open_roles(tx, listed["id"])
        .join(claims, on=_KEY, how="anti")
        .group_by("user_id")
        .agg(pl.col("role").sort().str.join(", "))
    )
    lines = listed.select("line", user_id="id").join(further, on="user_id")
    reason = pl.format("also {} here; the roster does not say so", "role")
    users.report(lines.select("line", outcome=pl.lit("unchanged"), reason=reason))


def roles_now_or_ahead(tx: Transaction, user_ids: pl.Series) -> pl.DataFrame:
    """(user_id, role): the roles that these people have now, or will have according to a roster."""
    claims = claims_of(tx, user_ids.unique())
    return pl.concat([open_roles(tx, user_ids), claims.select(_KEY)]).unique()


def open_roles(tx: Transaction, user_ids: pl.Series) -> pl.DataFrame:
    """(user_id, role): the roles that these people have now."""
    wanted = matches_any(tx, UserRole.user_id, user_ids.unique()) & UserRole.ended_at.is_(None)
    schema = {"user_id": pl.Int64, "role": pl.String}
    return rows_where(tx, select(UserRole.user_id, UserRole.role).where(wanted), schema)


def _claims(rows: pl.DataFrame, *days: str) -> pl.DataFrame:
    ours = pl.col("role").replace_strict(dict(ROLES_HERE), default=None, return_dtype=pl.String)
    own = ("line", "user_id", "is_ended", "is_later", "over_at", *days)
    return rows.select(*own, named="role", role=ours, modified_at="dateLastModified")


def _ended(stored: pl.DataFrame, ours: pl.DataFrame, leavers: pl.DataFrame, now: datetime) -> pl.DataFrame:
    over = ours.filter(pl.col("is_ended")).unique(_KEY, keep="last", maintain_order=True)
    standing = stored.filter(pl.col("ended_at").is_null()).select(_KEY)
    by_claim = standing.join(over.select(*_KEY, "modified_at", "over_at"), on=_KEY)
    of_leavers = leavers.select("user_id", "modified_at", over_at=pl.lit(None, TIME))
    by_leaving = standing.join(of_leavers, on="user_id")
    ended = pl.concat([by_leaving, by_claim]).unique(_KEY, keep="first", maintain_order=True)
    return ended.with_columns(is_ended=pl.lit(True)).select(*_KEY, ended_at=end_date(naive_utc(now), pl.col("over_at")))


def _without_last_administrator(tx: Transaction, table: Table, claims: pl.DataFrame, anew: pl.Series) -> pl.DataFrame:
    of_administrators = claims.filter(pl.col("role") == "administrator")
    ends = pl.col("is_ended") | pl.col("line").is_in(anew.implode())
    staying = set(of_administrators.filter(~ends & ~pl.col("is_later"))["user_id"])
    ending = of_administrators.filter(ends)
    last = last_administrators(tx, set(ending["user_id"]) - staying)
    is_last = pl.col("line").is_in(ending.filter(pl.col("user_id").is_in(list(last)))["line"].implode())
    table.refuse(is_last, IS_LAST_ADMINISTRATOR)
    return claims.filter(~is_last)


def _report(table: Table, claims: pl.DataFrame, results: pl.DataFrame, ahead: pl.DataFrame) -> None:
    of_claims = claims.join(results.drop("reason"), on=_KEY, how="left", maintain_order="left").join(
        ahead.select("line", outcome_ahead="outcome", reason_ahead="reason"),
        on="line",
        how="left",
        maintain_order="left",
    )
    word = pl.col("outcome").replace_strict(
        {"created": "given", "updated": "given back", "ended": "ended"}, default=None, return_dtype=pl.String
    )
    reason = (
        pl.when(pl.col("role").is_null())
        .then(pl.format("{} is no role here", "named"))
        .when("is_later")
        .then("reason_ahead")
        .otherwise(pl.coalesce(pl.format("role {} {}", "role", word), "reason_ahead"))
    )
    own = pl.when(~pl.col("is_later") & word.is_not_null()).then("outcome")
    nothing = pl.when("is_later").then(pl.lit("unchanged")).otherwise(pl.col("outcome").fill_null("ignored"))
    outcome = pl.coalesce(own, "outcome_ahead", nothing)
    if table.name == "users.csv":  # there the role is one fact among others about the person
        outcome = pl.when(word.is_not_null()).then(pl.lit("updated")).otherwise(pl.lit("unchanged"))
    table.report(of_claims.select("line", outcome=outcome, reason=reason))
