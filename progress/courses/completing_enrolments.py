"""An enrolment follows its course's completion, unless it was dropped or its source said that it is complete."""

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


def complete_few(tx: Transaction, course_rows: Iterable[Mapping[str, Any]]) -> None:
    """Bring the enrolments of a few learners in line with their course rows."""
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
    """Bring the enrolments of many learners in line with their course rows (user_id, course_id, completed_at)."""
    statement = select(*(getattr(Enrolment, name) for name in ENROLMENT_SCHEMA)).where(
        Enrolment.course_id.in_(courses["course_id"].unique().to_list()),
        matches_any(tx, Enrolment.user_id, courses["user_id"].unique().to_list()),
    )
    stored = rows_where(tx, statement, ENROLMENT_SCHEMA)
    after = enrolments_after(stored, courses)
    upsert(tx, Enrolment, after.join(stored, on=list(ENROLMENT_SCHEMA), how="anti", nulls_equal=True))


def enrolments_after(enrolments: pl.DataFrame, courses: pl.DataFrame) -> pl.DataFrame:
    """The enrolments (ENROLMENT_SCHEMA) as the course rows (user_id, course_id, completed_at) make them.

    Dropped ones, and those that the source of the data called completed, stay as they are.
    """
    earned = courses.select("user_id", "course_id", earned_at="completed_at")
    is_ours = (pl.col("status") != "dropped") & pl.col("completed_by").ne_missing("source")
    is_earned = pl.col("earned_at").is_not_null()
    word = pl.when(is_earned).then(pl.lit("completed")).otherwise(pl.lit("active"))
    origin = pl.when(is_earned).then(pl.lit("roll-up"))
    return (
        enrolments.join(earned, on=["user_id", "course_id"], how="inner")
        .with_columns(
            status=pl.when(is_ours).then(word).otherwise("status"),
            completed_at=pl.when(is_ours).then("earned_at").otherwise("completed_at"),
            completed_by=pl.when(is_ours).then(origin).otherwise("completed_by"),
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
