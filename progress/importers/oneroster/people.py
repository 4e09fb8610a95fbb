"""Storing users as people with accounts, without roles and guardians. Passwords are never read."""

from collections.abc import Iterable
from datetime import UTC, datetime

import polars as pl
from sqlalchemy import select, update

from data.bulk import matches_any, rows_where
from data.models import School, SignInSession, User
from data.record import Transaction
from data.source_rows import Tally
from progress.audit.imports import note_accounts
from progress.importers.oneroster.storing import known_ids, store
from progress.importers.oneroster.table import Table
from progress.importers.oneroster.values import TIME
from progress.people.accounts import IS_LAST_ADMINISTRATOR, last_administrators, plain_username

_WORDS = {
    "full_name": "name",
    "username": "username",
    "email": "email",
    "school_id": "school",
    "is_active": "account open",
}


def store_people(tx: Transaction, users: Table, roles: Table, now: datetime) -> tuple[pl.DataFrame, Tally]:
    """Store people; returns the line and id of each, and the tally.

    New people get their username if it is free, but no password: they cannot sign in until an administrator sets one.
    """
    _add_schools(tx, users, roles)
    _refuse_last_administrator(tx, users)
    plain = [name and plain_username(name) for name in users.rows["username"]]
    named = users.rows.with_columns(username=pl.Series(plain, dtype=pl.String))
    stored = _accounts(tx, named)
    names = _free_usernames(named, stored)
    wanted = (
        named.drop("username")
        .join(names, on="line", maintain_order="left")
        .select(
            "line",
            "is_ended",
            "username",
            "email",
            "school_id",
            modified_at="dateLastModified",
            external_id="sourcedId",
            full_name=_full_name(named.columns),
            is_active=pl.col("enabledUser") & ~pl.col("is_ended"),
            created_at=pl.lit(now, TIME),
        )
    )
    accounts = select(User.external_id, User.is_active).where(matches_any(tx, User.external_id, wanted["external_id"]))
    before = rows_where(tx, accounts, {"external_id": pl.String, "is_active": pl.Boolean})
    ids, tally = store(tx, users, User, wanted, now, _WORDS, only_new=["created_at"])
    note_accounts(tx, before, wanted.join(ids, on="line"))
    _report_usernames(users, named, names)
    _end_sessions(tx, ids.join(wanted.filter(~pl.col("is_active")), on="line", how="semi")["id"])
    return ids, tally


def _full_name(columns: Iterable[str]) -> pl.Expr:
    """The preferred name, if the roster has one."""
    parts = []
    for part in ("GivenName", "FamilyName"):
        own = pl.col(part[0].lower() + part[1:])
        parts.append(pl.coalesce(f"preferred{part}", own) if f"preferred{part}" in columns else own)
    return pl.concat_str(parts, separator=" ")


def _add_schools(tx: Transaction, users: Table, roles: Table) -> None:
    """Add `school_id`: 1.1 lists a user's organisations, main one first; 1.2 names the main one, or each role's."""
    if "orgSourcedIds" in users.rows.columns:
        known = known_ids(tx, School, users.rows["orgSourcedIds"].explode())
        users.leave_out_unknown("orgSourcedIds", known["external_id"])
        main = users.rows.with_columns(org=pl.col("orgSourcedIds").list.first())
    else:
        known = known_ids(tx, School, pl.concat([users.rows["primaryOrgSourcedId"], roles.rows["orgSourcedId"]]))
        users.leave_out_unknown("primaryOrgSourcedId", known["external_id"])
        by_role = roles.rows.sort(pl.col("roleType") != "primary", maintain_order=True)
        first = by_role.unique("userSourcedId", keep="first", maintain_order=True)
        org_of_role = first.select(sourcedId="userSourcedId", org="orgSourcedId")
        joined = users.rows.join(org_of_role, on="sourcedId", how="left", maintain_order="left")
        main = joined.with_columns(org=pl.coalesce("primaryOrgSourcedId", "org"))
    ids = known.select(org="external_id", school_id="id")
    users.rows = main.join(ids, on="org", how="left", maintain_order="left").drop("org")


def _refuse_last_administrator(tx: Transaction, users: Table) -> None:
    """A roster must not lock everyone out: one administrator who can sign in must remain."""
    leaving = users.rows.filter(pl.col("is_ended") | ~pl.col("enabledUser"))["sourcedId"]
    accounts = select(User.id, User.external_id).where(matches_any(tx, User.external_id, leaving))
    external_ids = {row.id: row.external_id for row in tx.execute(accounts)}
    last = pl.Series([external_ids[user_id] for user_id in last_administrators(tx, external_ids)], dtype=pl.String)
    users.refuse(pl.col("sourcedId").is_in(last.implode()), IS_LAST_ADMINISTRATOR)


def _accounts(tx: Transaction, named: pl.DataFrame) -> pl.DataFrame:
    """sourcedId and username of everyone who is in the table or has a username that the table asks for."""
    schema = {"sourcedId": pl.String, "username": pl.String}
    accounts = select(User.external_id, User.username)
    is_listed = matches_any(tx, User.external_id, named["sourcedId"])
    is_asked_for = matches_any(tx, User.username, named["username"].drop_nulls())
    return rows_where(tx, accounts.where(is_listed | is_asked_for), schema)


def _free_usernames(named: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """(line, username): the username they already have, else the one asked for if it is valid and free."""
    own = stored.drop_nulls().select("sourcedId", own="username")
    asked = named.select("line", "sourcedId", "username").join(own, on="sourcedId", how="left", maintain_order="left")
    is_invalid = pl.col("username").str.contains(r"\s") | (pl.col("username") == "")
    waiting = asked.filter(pl.col("own").is_null() & ~is_invalid).join(stored, on="username", how="anti")
    first = waiting.group_by("username").agg(pl.col("line").min()).select("line", free="username")
    named_now = asked.join(first, on="line", how="left", maintain_order="left")
    return named_now.select("line", username=pl.coalesce("own", "free"))


def _report_usernames(users: Table, named: pl.DataFrame, names: pl.DataFrame) -> None:
    asked = named.select("line", asked="username").join(names, on="line", maintain_order="left")
    without = asked.filter(pl.col("asked").is_not_null() & pl.col("username").is_null())
    reason = pl.format("the username “{}” is taken or cannot be one, so the account has none", "asked")
    users.report(without.select("line", outcome=pl.lit("unchanged"), reason=reason))


def _end_sessions(tx: Transaction, user_ids: pl.Series) -> None:
    is_open = matches_any(tx, SignInSession.user_id, user_ids) & SignInSession.ended_at.is_(None)
    tx.execute(update(SignInSession).where(is_open).values(ended_at=datetime.now(UTC)))
