"""Enrolments of the roster as membership of classes: who learns and who teaches in which, from when to when.

The enrolment in the class's course is written elsewhere.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import func, select

from data.bulk import matches_any, rows_where
from data.models import AcademicSession, ClassLearner, ClassSession, ClassTeacher, Course, School, SchoolClass, User
from data.record import Transaction
from progress.importers.oneroster.roles import open_roles
from progress.importers.oneroster.storing import end_date, known_ids, outcomes, refer, tally_of
from progress.importers.oneroster.table import LONGEST_ID, TIME, Table, ids_of
from progress.importers.report import Tally
from progress.importers.writing import stored_rows, write_rows

KEY = ["class_id", "user_id"]
_FACTS = {
    "class_id": pl.Int64,
    "class_name": pl.String,
    "course_id": pl.Int64,
    "time_zone": pl.String,
    "first_day": pl.Date,
    "last_day": pl.Date,
}
_TABLES: dict[str, type[ClassLearner] | type[ClassTeacher]] = {"student": ClassLearner, "teacher": ClassTeacher}
_NEEDED = {"student": ["student"], "teacher": ["teacher", "administrator"]}


@dataclass(frozen=True)
class Memberships:
    """`told` has the outcome of each membership (…KEY, outcome), `wanted` what it is now, `gone` those not listed."""

    told: pl.DataFrame
    wanted: pl.DataFrame
    gone: pl.DataFrame

    @property
    def tally(self) -> Tally:
        return tally_of(self.told)


def placed(tx: Transaction, enrollments: Table, now: datetime) -> pl.DataFrame:
    """The good rows with their class and person here, `enrolled_at`, and `ended_at` where the membership is over.

    `stayed` says that it lasted until the last day of the class. Rows that name something unknown are refused.
    """
    refer(tx, enrollments, SchoolClass, "classSourcedId", "class_id")
    refer(tx, enrollments, User, "userSourcedId", "user_id")
    refer(tx, enrollments, School, "schoolSourcedId", "school_id")
    told = pl.format("endDate {} is before beginDate {}", "endDate", "beginDate")
    enrollments.refuse(pl.col("endDate") < pl.col("beginDate"), told)
    facts = class_facts(tx, enrollments.rows["class_id"])
    rows = enrollments.rows.join(facts, on="class_id", how="left", maintain_order="left")
    begins_on = rows.select("line", "time_zone", day=pl.coalesce("beginDate", "first_day"))
    ends_before = rows.select("line", "time_zone", day=pl.col("endDate").dt.offset_by("1d"))
    rows = rows.join(_moments(begins_on, "begins_at"), on="line", how="left", maintain_order="left")
    rows = rows.join(_moments(ends_before, "ends_at"), on="line", how="left", maintain_order="left")
    over = pl.when(pl.col("ends_at") <= pl.lit(now, TIME)).then("ends_at")
    return rows.with_columns(
        enrolled_at=pl.col("begins_at").fill_null(pl.lit(now, TIME)),
        over_at=over,
        is_over=pl.col("is_ended") | over.is_not_null(),
        stayed=(over.is_not_null() & (pl.col("endDate") >= pl.col("last_day"))).fill_null(False),
        modified_at="dateLastModified",
    )


def store_memberships(
    tx: Transaction, table: Table, rows: pl.DataFrame, role: str, in_scope: pl.Series, now: datetime
) -> Memberships:
    """Write who learns, or who teaches. In the classes in scope the table is the whole truth.

    Of several rows for one person and class the one that still stands wins. What a row ends that never was is left out.
    """
    model, own = _TABLES[role], rows.filter(pl.col("role") == role)
    class_ids = pl.concat([own["class_id"], in_scope]).unique()
    stored = stored_rows(tx, model, matches_any(tx, model.class_id, class_ids))
    was = stored.select(*KEY, before="ended_at", was_here=pl.lit(True))
    dated = own.join(was, on=KEY, how="left", maintain_order="left").with_columns(
        ended_at=pl.coalesce("over_at", end_date(now, pl.col("before")))
    )
    known = dated.filter(~pl.col("is_ended") | pl.col("was_here").fill_null(False) | pl.col("over_at").is_not_null())
    wanted = known.group_by(KEY, maintain_order=True).agg(
        ended_at=pl.when(pl.col("is_over").all()).then(pl.col("ended_at").max()),
        enrolled_at=pl.col("enrolled_at").min(),
        stayed=pl.col("stayed").any(),
        course_id=pl.col("course_id").first(),
    )
    gone = _no_longer_listed(tx, table, stored, in_scope).select(*KEY, ended_at=pl.lit(now, TIME))
    both = pl.concat([wanted.select(*KEY, "ended_at"), gone])
    told = outcomes(write_rows(tx, model, both, stored, KEY), stored, KEY, {})
    _tell(table, own, told.join(both, on=KEY, maintain_order="left"))
    return Memberships(told, wanted, gone)


def refuse_without_role(tx: Transaction, enrollments: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse rows that still stand though their person has not the role for it; returns the others.

    A roster that makes someone a teacher of a class only by mistake must not show them its learners.
    """
    roles = open_roles(tx, rows["user_id"])
    for role, needed in _NEEDED.items():
        holders = roles.filter(pl.col("role").is_in(needed))["user_id"].unique()
        lacks = (pl.col("role") == role) & ~pl.col("is_over") & ~pl.col("user_id").is_in(holders.implode())
        lines = rows.filter(lacks)["line"].implode()
        told = pl.format(f"user “{{}}” has not the role {' or '.join(needed)}", "userSourcedId")
        enrollments.refuse(pl.col("line").is_in(lines), told)
    others = enrollments.rows.filter(~pl.col("role").is_in(list(_TABLES)))
    reason = pl.format("{} has no place in a class here", "role")
    enrollments.tell(others.select("line", outcome=pl.lit("ignored"), reason=reason))
    return rows.join(enrollments.rows, on="line", how="semi", maintain_order="left")


def classes_in_scope(tx: Transaction, enrollments: Table, classes: Table) -> pl.Series:
    """The classes of which a bulk file tells the whole truth: those that it names, and those that come with it."""
    if not enrollments.is_present or enrollments.is_delta:
        return pl.Series(dtype=pl.Int64)
    listed = pl.Series(dtype=pl.String) if classes.is_delta else ids_of(classes)
    named = enrollments.raw["classSourcedId"].str.slice(0, LONGEST_ID + 1)
    return known_ids(tx, SchoolClass, pl.concat([named, listed]))["id"]


def lines_of_gone(tx: Transaction, file: str, gone: pl.DataFrame) -> pl.DataFrame:
    """For the report (LINES_SCHEMA): memberships that ended because the file no longer lists them."""
    people = select(User.id.label("user_id"), User.full_name).where(matches_any(tx, User.id, gone["user_id"].unique()))
    names = rows_where(tx, people, {"user_id": pl.Int64, "full_name": pl.String})
    named = gone.join(names, on="user_id").join(class_facts(tx, gone["class_id"]), on="class_id")
    return named.select(
        file=pl.lit(file),
        line=pl.lit(None, pl.Int64),
        outcome=pl.lit("ended"),
        subject="full_name",
        reason=pl.format("no longer listed in {}", "class_name"),
    )


def _no_longer_listed(tx: Transaction, table: Table, stored: pl.DataFrame, in_scope: pl.Series) -> pl.DataFrame:
    """A refused row still lists its person: what is wrong with it must not end what it was to confirm."""
    listed = table.raw.select("classSourcedId", "userSourcedId").unique()
    ids = {column: known_ids(tx, model, listed[column]) for column, model in _NAMED_BY.items()}
    pairs = listed
    for (column, known), name in zip(ids.items(), KEY, strict=True):
        pairs = pairs.join(known.select(pl.col("external_id").alias(column), pl.col("id").alias(name)), on=column)
    standing = stored.filter(pl.col("ended_at").is_null() & pl.col("class_id").is_in(in_scope.implode()))
    return standing.join(pairs, on=KEY, how="anti")


_NAMED_BY = {"classSourcedId": SchoolClass, "userSourcedId": User}


def class_facts(tx: Transaction, class_ids: pl.Series) -> pl.DataFrame:
    """Of each class (_FACTS): its days are those of its terms, else of its course."""
    first, last = func.min(AcademicSession.starts_on), func.max(AcademicSession.ends_on)
    is_term = (ClassSession.class_id == SchoolClass.id) & ClassSession.ended_at.is_(None)
    statement = (
        select(
            SchoolClass.id.label("class_id"),
            SchoolClass.name.label("class_name"),
            SchoolClass.course_id,
            func.coalesce(School.time_zone, "UTC").label("time_zone"),
            func.coalesce(first, Course.starts_on).label("first_day"),
            func.coalesce(last, Course.ends_on).label("last_day"),
        )
        .join(Course, Course.id == SchoolClass.course_id)
        .outerjoin(School, School.id == SchoolClass.school_id)
        .outerjoin(ClassSession, is_term)
        .outerjoin(AcademicSession, AcademicSession.id == ClassSession.academic_session_id)
        .where(matches_any(tx, SchoolClass.id, class_ids.drop_nulls().unique()))
        .group_by(SchoolClass.id, School.time_zone, Course.starts_on, Course.ends_on)
    )
    return rows_where(tx, statement, _FACTS)


def _moments(days: pl.DataFrame, name: str) -> pl.DataFrame:
    """(line, name): when each day begins, in UTC. Python knows also the days whose midnight the clocks skip."""
    pairs = days.select("day", "time_zone").drop_nulls().unique()
    starts = [
        (day, zone, datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None))
        for day, zone in pairs.rows()
    ]
    known = pl.DataFrame(starts, schema={"day": pl.Date, "time_zone": pl.String, name: TIME}, orient="row")
    return days.join(known, on=["day", "time_zone"], maintain_order="left").select("line", name)


def _tell(table: Table, rows: pl.DataFrame, told: pl.DataFrame) -> None:
    lines = rows.select("line", *KEY).join(told.drop("reason"), on=KEY, how="left", maintain_order="left")
    day = pl.col("ended_at").dt.date()
    is_told = pl.col("outcome").is_in(["created", "ended", "updated"])
    reason = (
        pl.when(pl.col("outcome").is_null())
        .then(pl.lit("was not in the class"))
        .when(is_told & day.is_not_null())
        .then(pl.format("over since {}", day))
        .when(pl.col("outcome") == "updated")
        .then(pl.lit("in the class again"))
    )
    table.tell(lines.select("line", outcome=pl.col("outcome").fill_null("unchanged"), reason=reason))
