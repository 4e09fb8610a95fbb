"""Roles that begin and end on the days that a roster named.

A claim gives a role on its first day and ends it after its last. In between, a role stays as people gave or ended it.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import aliased

from data.bulk import matches_any, rows_where
from data.models import RoleClaim, School, User, UserRole
from data.moments import naive_utc
from data.record import Transaction
from data.school_days import beginnings_of, today_of
from data.source_rows import stored_rows, write_rows
from progress.audit.imports import note_roles
from progress.people.accounts import last_administrators

PAIR = ["user_id", "role"]
_CLAIM = {
    "external_id": pl.String,
    "user_id": pl.Int64,
    "role": pl.String,
    "begins_on": pl.Date,
    "over_on": pl.Date,
    "holds": pl.Boolean,
    "time_zone": pl.String,
}
_log = logging.getLogger(__name__)


def claims_where(tx: Transaction, where: ColumnElement[bool]) -> pl.DataFrame:
    """The claims, each with the time zone of its days."""
    own, of_person = aliased(School), aliased(School)
    zone = func.coalesce(own.time_zone, of_person.time_zone, "UTC").label("time_zone")
    columns = [getattr(RoleClaim, name) for name in _CLAIM if name != "time_zone"]
    statement = (
        select(*columns, zone)
        .join(User, User.id == RoleClaim.user_id)
        .outerjoin(own, own.id == RoleClaim.school_id)
        .outerjoin(of_person, of_person.id == User.school_id)
        .where(where)
    )
    return rows_where(tx, statement, _CLAIM)


def claims_of(tx: Transaction, user_ids: Sequence[int] | pl.Series) -> pl.DataFrame:
    return claims_where(tx, matches_any(tx, RoleClaim.user_id, user_ids))


def holding(claims: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """The claims that hold at this moment."""
    today = pl.col("today")
    has_begun = pl.col("begins_on").is_null() | (pl.col("begins_on") <= today)
    return today_of(claims, at).filter(has_begun, pl.col("over_on").is_null() | (pl.col("over_on") > today))


def follow_roles(tx: Transaction, now: datetime) -> None:
    """Give the roles whose first day has come, and end those whose last day is over."""
    claims = _turning(tx, now)
    if claims.is_empty():
        return
    after = holding(claims, now)
    before = claims.filter("holds")
    gone = before.join(after, on=PAIR, how="anti", maintain_order="left")
    begun = after.join(before, on=PAIR, how="anti", maintain_order="left").select(PAIR).unique(maintain_order=True)
    last = beginnings_of(gone, "over_on", "ended_at").group_by(PAIR, maintain_order=True)
    ended = _without_last_administrator(tx, last.agg(pl.col("ended_at").max().fill_null(naive_utc(now))))
    _write(tx, begun, ended)
    mark_holding(tx, claims, now)


def mark_holding(tx: Transaction, claims: pl.DataFrame, now: datetime) -> None:
    """Store which of the claims hold now."""
    held = holding(claims, now)
    others = claims.join(held, on="external_id", how="anti")
    for holds, changed in ((True, held), (False, others)):
        is_changed = matches_any(tx, RoleClaim.external_id, changed["external_id"])
        tx.execute(update(RoleClaim).where(is_changed, RoleClaim.holds != holds).values(holds=holds))


def student_since(tx: Transaction, user_ids: pl.Series, now: datetime) -> pl.DataFrame:
    """(user_id, student_since) of people whose student role begins on a day named by a roster (naive UTC)."""
    claims = holding(claims_of(tx, user_ids.unique()), now).filter(pl.col("role") == "student")
    first = beginnings_of(claims, "begins_on", "began_at").group_by("user_id")
    since = pl.when(pl.col("began_at").is_not_null().all()).then(pl.col("began_at").min())
    return first.agg(student_since=since)


def _turning(tx: Transaction, now: datetime) -> pl.DataFrame:
    """All claims of the people with a claim that may begin or end now, in some time zone."""
    tomorrow = now.date() + timedelta(days=1)  # somewhere it may be tomorrow already
    has_begun = or_(RoleClaim.begins_on.is_(None), RoleClaim.begins_on <= tomorrow)
    begins = ~RoleClaim.holds & has_begun & or_(RoleClaim.over_on.is_(None), RoleClaim.over_on >= now.date())
    turns = or_(begins, RoleClaim.holds & (RoleClaim.over_on <= tomorrow))
    people = rows_where(tx, select(RoleClaim.user_id).where(turns).distinct(), {"user_id": pl.Int64})["user_id"]
    return claims_of(tx, people)


def _without_last_administrator(tx: Transaction, ended: pl.DataFrame) -> pl.DataFrame:
    """A date alone must not lock everyone out: the last administrators keep their role."""
    is_administrator = pl.col("role") == "administrator"
    last = last_administrators(tx, ended.filter(is_administrator)["user_id"])
    if not last:
        return ended
    _log.warning("the roster's last day of the last administrator who can sign in has passed; the role stays")
    return ended.filter(~(is_administrator & pl.col("user_id").is_in(list(last))))


def _write(tx: Transaction, begun: pl.DataFrame, ended: pl.DataFrame) -> None:
    people = pl.concat([begun["user_id"], ended["user_id"]]).unique()
    stored = stored_rows(tx, UserRole, matches_any(tx, UserRole.user_id, people))
    standing = stored.filter(pl.col("ended_at").is_null())
    given = begun.join(standing, on=PAIR, how="anti", maintain_order="left")
    ended = ended.join(standing, on=PAIR, how="semi", maintain_order="left")
    given = given.with_columns(ended_at=pl.lit(None, pl.Datetime("us")))
    write_rows(tx, UserRole, pl.concat([given, ended.select(given.columns)]), stored, PAIR)
    outcomes = ((given, "created"), (ended, "ended"))
    note_roles(tx, pl.concat([frame.select(*PAIR, outcome=pl.lit(word)) for frame, word in outcomes]))
