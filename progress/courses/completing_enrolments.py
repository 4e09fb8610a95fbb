"""Enrolments follow the completion of their courses, unless they were dropped or their source calls them completed."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from sqlalchemy import BindParameter, bindparam, select, update

from data.bulk import matches_any, rows_where, upsert
from data.models import Enrolment
from data.record import Transaction
from data.row import change_rows
from progress.completion.module_states import TIME

ENROLMENT_SCHEMA = {
    "user_id": pl.Int64,
    "course_id": pl.Int64,
    "status": pl.String,
    "enrolled_at": TIME,
    "completed_at": TIME,
    "completed_by": pl.String,
    "dropped_at": TIME,
}


def complete_enrolments_in_memory(tx: Transaction, course_rows: Iterable[Mapping[str, Any]]) -> None:
    """Update the enrolments that belong to a few rows of `course_progress`."""
    for is_complete, statement in ((True, _COMPLETE_ENROLMENT), (False, _UNCOMPLETE_ENROLMENT)):
        bound = [
            {
                "of_user": row["user_id"],
                "of_course": row["course_id"],
                "at": row["completed_at"],
                "changed_in": tx.number,
            }
            for row in course_rows
            if (row["completed_at"] is not None) == is_complete
        ]
        change_rows(tx, statement, bound)


def complete_enrolments(tx: Transaction, courses: pl.DataFrame) -> None:
    """Update the enrolments that belong to these rows of `course_progress` (user_id, course_id, completed_at)."""
    statement = select(*(getattr(Enrolment, name) for name in ENROLMENT_SCHEMA)).where(
        Enrolment.course_id.in_(courses["course_id"].unique().to_list()),
        matches_any(tx, Enrolment.user_id, courses["user_id"].unique().to_list()),
    )
    stored = rows_where(tx, statement, ENROLMENT_SCHEMA)
    after = enrolments_after(stored, courses)
    upsert(tx, Enrolment, after.join(stored, on=list(ENROLMENT_SCHEMA), how="anti", nulls_equal=True))


def enrolments_after(enrolments: pl.DataFrame, courses: pl.DataFrame) -> pl.DataFrame:
    """The enrolments (ENROLMENT_SCHEMA) as they should be given the course rows (user_id, course_id, completed_at).

    Dropped enrolments and those completed by the data's source stay as they are.
    """
    earned = courses.select("user_id", "course_id", earned_at="completed_at")
    follows = (pl.col("status") != "dropped") & pl.col("completed_by").ne_missing("source")
    is_earned = pl.col("earned_at").is_not_null()
    status = pl.when(is_earned).then(pl.lit("completed")).otherwise(pl.lit("active"))
    completed_by = pl.when(is_earned).then(pl.lit("roll-up"))
    return (
        enrolments.join(earned, on=["user_id", "course_id"], how="inner")
        .with_columns(
            status=pl.when(follows).then(status).otherwise("status"),
            completed_at=pl.when(follows).then("earned_at").otherwise("completed_at"),
            completed_by=pl.when(follows).then(completed_by).otherwise("completed_by"),
        )
        .select(*ENROLMENT_SCHEMA)
    )


_NUMBER: BindParameter[int] = bindparam("changed_in")
_ENROLMENT = (Enrolment.user_id == bindparam("of_user"), Enrolment.course_id == bindparam("of_course"))
_COMPLETE_ENROLMENT = (
    update(Enrolment)
    .where(*_ENROLMENT, Enrolment.status != "dropped", Enrolment.completed_at.is_distinct_from(bindparam("at")))
    .where(Enrolment.completed_by.is_distinct_from("source"))
    .values(status="completed", completed_at=bindparam("at"), completed_by="roll-up", changed_in=_NUMBER)
)
_UNCOMPLETE_ENROLMENT = (
    update(Enrolment)
    .where(*_ENROLMENT, Enrolment.completed_by == "roll-up")
    .values(status="active", completed_at=None, completed_by=None, changed_in=_NUMBER)
)
