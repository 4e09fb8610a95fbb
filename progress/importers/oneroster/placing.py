"""Resolving the rows of enrollments.csv: whose they are, in which class, and on which days there."""

from datetime import UTC, datetime

import polars as pl
from sqlalchemy import select

from data.bulk import matches_any, rows_where
from data.models import School, SchoolClass, User, UserRole
from data.record import Transaction
from data.school_days import school_day, today_of
from progress.courses.classes import class_days
from progress.importers.oneroster.storing import known_ids, refer
from progress.importers.oneroster.table import Table, ids_of
from progress.importers.oneroster.values import LONGEST_ID
from progress.people.role_claims import claims_of

_NEEDED = {"student": ["student"], "teacher": ["teacher", "administrator"]}


def placed(tx: Transaction, enrollments: Table, now: datetime) -> pl.DataFrame:
    """The good rows with the ids of their class and person, the days of the class, and `left_on` if they have an end.

    A row that is `tobedeleted` ended on the day of its last change. Rows with an unknown class or person are left out.
    """
    refer(tx, enrollments, SchoolClass, "classSourcedId", "class_id", "row of links")
    refer(tx, enrollments, User, "userSourcedId", "user_id", "row of links")
    refer(tx, enrollments, School, "schoolSourcedId", "school_id", "link")
    reason = pl.format("endDate {} is before beginDate {}", "endDate", "beginDate")
    enrollments.refuse(pl.col("endDate") < pl.col("beginDate"), reason)
    days = today_of(class_days(tx, enrollments.rows["class_id"].unique()), now)
    rows = enrollments.rows.join(days, on="class_id", how="left", maintain_order="left")
    ends_before = pl.col("endDate").dt.offset_by("1d")
    placed_rows = rows.join(_days_of_end(rows, now), on="line", how="left", maintain_order="left").with_columns(
        external_id="sourcedId",
        begins_on="beginDate",
        left_on=pl.min_horizontal(ends_before, "deleted_on"),
        is_history=(ends_before <= pl.col("today")).fill_null(False),
    )
    return placed_rows.with_columns(is_over=(pl.col("left_on") <= pl.col("today")).fill_null(False))


def _days_of_end(rows: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """(line, deleted_on) of rows that are tobedeleted: the school's date of their last change, never in the future."""
    ended = rows.filter(pl.col("is_ended")).select("line", "time_zone", at="dateLastModified")
    moments = [at.replace(tzinfo=UTC) if at is not None else now for at in ended["at"]]
    zones = ended["time_zone"].to_list()
    days = [school_day(min(moment, now), zone) for moment, zone in zip(moments, zones, strict=True)]
    return ended.select("line", deleted_on=pl.Series(days, dtype=pl.Date))


def refuse_without_role(tx: Transaction, enrollments: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse current rows whose person never had the role that they need; returns the others.

    Someone whom a roster makes a class's teacher by mistake must not see its learners. Rows of people who left, or
    whose role has ended, are fine: without the role they are not counted in the class.
    """
    roles, left = _roles_ever(tx, rows["user_id"]), _who_left(tx, rows["user_id"])
    for role, needed in _NEEDED.items():
        holders = pl.concat([roles.filter(pl.col("role").is_in(needed))["user_id"], left]).unique()
        lacks = (pl.col("role") == role) & ~pl.col("is_over") & ~pl.col("user_id").is_in(holders.implode())
        lines = rows.filter(lacks)["line"].implode()
        reason = pl.format(f"user “{{}}” has not the role {' or '.join(needed)}", "userSourcedId")
        enrollments.refuse(pl.col("line").is_in(lines), reason)
    others = enrollments.rows.filter(~pl.col("role").is_in(list(_NEEDED)))
    reason = pl.format("{} has no place in a class here", "role")
    enrollments.report(others.select("line", outcome=pl.lit("ignored"), reason=reason))
    return rows.join(enrollments.rows, on="line", how="semi", maintain_order="left")


def classes_in_scope(tx: Transaction, enrollments: Table, classes: Table) -> pl.Series:
    """The classes for which a bulk file is complete: those that it names, and those in the same package."""
    if not enrollments.is_present or enrollments.is_delta:
        return pl.Series(dtype=pl.Int64)
    listed = pl.Series(dtype=pl.String) if classes.is_delta else ids_of(classes)
    named = enrollments.raw["classSourcedId"].str.slice(0, LONGEST_ID + 1)
    return known_ids(tx, SchoolClass, pl.concat([named, listed]))["id"]


def _roles_ever(tx: Transaction, user_ids: pl.Series) -> pl.DataFrame:
    """(user_id, role): roles that these people have or had, or will have according to a roster."""
    held = select(UserRole.user_id, UserRole.role).where(matches_any(tx, UserRole.user_id, user_ids.unique()))
    schema = {"user_id": pl.Int64, "role": pl.String}
    return pl.concat([rows_where(tx, held, schema), claims_of(tx, user_ids.unique()).select(*schema)])


def _who_left(tx: Transaction, user_ids: pl.Series) -> pl.Series:
    closed = select(User.id.label("user_id")).where(matches_any(tx, User.id, user_ids.unique()), ~User.is_active)
    return rows_where(tx, closed, {"user_id": pl.Int64})["user_id"]
