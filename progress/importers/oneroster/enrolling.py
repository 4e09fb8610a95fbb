"""Updating enrolments after an import has changed the memberships of classes."""

from datetime import datetime

import polars as pl
from sqlalchemy import select

from data.bulk import matches_any, rows_where
from data.models import Enrolment
from data.record import Transaction
from data.school_days import beginnings_of
from data.source_rows import Tally
from progress.courses.class_enrolment import follow, leaving
from progress.courses.enrolment import drop_all, enrol_all
from progress.importers.oneroster.memberships import Memberships
from progress.importers.oneroster.roles import open_roles

_PAIR = ["user_id", "course_id"]


def store_enrolments(tx: Transaction, learners: Memberships, before: pl.DataFrame, now: datetime) -> Tally:
    """Enrol the learners who are in a class now and drop those who no longer are; `before` is from `held_before`.

    Learners whose membership was over before it was imported are enrolled too: as dropped, or as active if they stayed
    until the class's last day, since then they did not drop out.
    """
    followed, dropped = follow(tx, before, now)
    former = _never_enrolled(tx, learners.over)
    first = beginnings_of(former, "joined_on", "enrolled_at").group_by(_PAIR, maintain_order=True)
    enrolled = enrol_all(tx, first.agg(pl.col("enrolled_at").min()))
    dropped += drop_all(tx, leaving(tx, former.select(_PAIR).unique(maintain_order=True), now))
    new, taken_back = followed.new + enrolled.new, followed.taken_back
    return Tally(new, taken_back, 0, dropped)


def _never_enrolled(tx: Transaction, over: pl.DataFrame) -> pl.DataFrame:
    students = open_roles(tx, over["user_id"]).filter(pl.col("role") == "student")
    known = select(Enrolment.user_id, Enrolment.course_id).where(
        matches_any(tx, Enrolment.user_id, over["user_id"].unique())
    )
    enrolled = rows_where(tx, known, dict.fromkeys(_PAIR, pl.Int64))
    return over.join(students, on="user_id", how="semi", maintain_order="left").join(
        enrolled, on=_PAIR, how="anti", maintain_order="left"
    )
