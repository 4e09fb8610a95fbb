"""What membership of classes makes of the enrolments in their courses."""

import polars as pl
from sqlalchemy import select

from data.bulk import matches_any, rows_where
from data.models import ClassLearner, Enrolment, SchoolClass
from data.record import Transaction
from progress.enrolment import drop_all, enrol_all
from progress.importers.oneroster.memberships import Memberships, class_facts
from progress.importers.oneroster.roles import open_roles
from progress.importers.report import Tally

_PAIR = ["user_id", "course_id"]


def store_enrolments(tx: Transaction, learners: Memberships) -> Tally:
    """Enrol who is in a class of the course, and drop who has left the last one before its end.

    Who stayed until the last day keeps an active enrolment: the year is over, but nobody dropped out.
    """
    standing = learners.wanted.filter(pl.col("ended_at").is_null())
    over = learners.wanted.filter(pl.col("ended_at").is_not_null())
    former = _not_enrolled(tx, over.join(standing, on=_PAIR, how="anti"))
    enrolled = enrol_all(tx, _first_days(pl.concat([standing, former])))
    leaving = pl.concat([_left_now(tx, learners), former.filter(~pl.col("stayed")).select(*_PAIR, "ended_at")])
    dropped = drop_all(tx, _without_class(tx, leaving))
    count = learners.wanted.unique(_PAIR).height
    return Tally(enrolled.new, enrolled.taken_back, count - enrolled.new - enrolled.taken_back, dropped)


def _first_days(memberships: pl.DataFrame) -> pl.DataFrame:
    return memberships.group_by(_PAIR, maintain_order=True).agg(pl.col("enrolled_at").min())


def _not_enrolled(tx: Transaction, memberships: pl.DataFrame) -> pl.DataFrame:
    """Memberships that were over before they came here, of learners who have no enrolment in the course yet."""
    students = open_roles(tx, memberships["user_id"]).filter(pl.col("role") == "student")
    known = select(Enrolment.user_id, Enrolment.course_id).where(
        matches_any(tx, Enrolment.user_id, memberships["user_id"].unique())
    )
    enrolled = rows_where(tx, known, dict.fromkeys(_PAIR, pl.Int64))
    return memberships.join(students, on="user_id", how="semi").join(enrolled, on=_PAIR, how="anti")


def _left_now(tx: Transaction, learners: Memberships) -> pl.DataFrame:
    """Pairs whose membership this import ended before the class was over."""
    ended = learners.told.filter(pl.col("outcome") == "ended").select("class_id", "user_id")
    columns = ["class_id", "user_id", "ended_at"]
    early = learners.wanted.filter(~pl.col("stayed") & pl.col("ended_at").is_not_null()).select(columns)
    dates = pl.concat([early, learners.gone.select(columns)])
    courses = class_facts(tx, ended["class_id"]).select("class_id", "course_id")
    return ended.join(dates, on=["class_id", "user_id"]).join(courses, on="class_id").select(*_PAIR, "ended_at")


def _without_class(tx: Transaction, leaving: pl.DataFrame) -> pl.DataFrame:
    """user_id, course_id, dropped_at of those who are in no other class of the course."""
    others = (
        select(ClassLearner.user_id, SchoolClass.course_id)
        .join(SchoolClass, SchoolClass.id == ClassLearner.class_id)
        .where(
            matches_any(tx, ClassLearner.user_id, leaving["user_id"].unique()),
            ClassLearner.ended_at.is_(None),
            SchoolClass.ended_at.is_(None),
        )
    )
    elsewhere = rows_where(tx, others, dict.fromkeys(_PAIR, pl.Int64))
    last = leaving.group_by(_PAIR, maintain_order=True).agg(dropped_at=pl.col("ended_at").max())
    return last.join(elsewhere, on=_PAIR, how="anti", maintain_order="left")
