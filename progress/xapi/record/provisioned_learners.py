"""Learners of whom only an external id is known: they get a name that tells nothing, no account, and an enrolment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import polars as pl
from sqlalchemy import select

from data.bulk import matches_any
from data.locks import lock_structure
from data.models import CourseProgress, Enrolment, User, UserRole
from data.moments import naive_utc
from data.record import Transaction
from data.source_rows import stored_rows, write_rows
from progress.completion.module_states import TIME
from progress.courses.roll_up import roll_up_learners


def provision_learners(
    tx: Transaction,
    course_id: int,
    unknown: Mapping[str, datetime],
    known: Mapping[int, datetime],
    received_at: datetime,
) -> tuple[int, list[int]]:
    """Enrol people, unknown ones by their external ids, each since the time given; returns how many people are new and
    who is newly enrolled. Someone who is known and not a student is not enrolled.
    """
    if not (unknown or known):
        return 0, []
    lock_structure(tx, [course_id])
    created = _store_people(tx, unknown, received_at)
    people = pl.concat([created, _frame(known, "user_id", pl.Int64)])
    return created.height, _enrol(tx, course_id, people)


def roll_up_newcomers(tx: Transaction, newcomers: Mapping[int, Sequence[int]]) -> None:
    """Give those who are newly enrolled, by the course, their stored rows. Bulk recording has given some theirs."""
    for course_id, user_ids in newcomers.items():
        ours = (Enrolment.course_id == course_id) & matches_any(tx, Enrolment.user_id, user_ids)
        row = select(CourseProgress.user_id).where(
            CourseProgress.course_id == course_id, CourseProgress.user_id == Enrolment.user_id
        )
        waiting = select(Enrolment.user_id).where(ours, ~row.exists())
        roll_up_learners(tx, course_id, tx.execute(waiting).scalars().all())


def pseudonym(external_id: str) -> str:
    """A name that distinguishes a learner without identifying them."""
    return f"Learner {sha256(external_id.encode()).hexdigest()[:6].upper()}"


def _store_people(tx: Transaction, unknown: Mapping[str, datetime], received_at: datetime) -> pl.DataFrame:
    """user_id, enrolled_at."""
    seen = _frame(unknown, "external_id", pl.String)
    wanted = seen.select(
        "external_id",
        full_name=pl.col("external_id").map_elements(pseudonym, return_dtype=pl.String),
        is_active=pl.lit(True),
        created_at=pl.lit(naive_utc(received_at), TIME),
    )
    nobody = stored_rows(tx, User, User.id.is_(None))
    created = write_rows(tx, User, wanted, nobody, ["external_id"]).created
    _give_role(tx, created)
    return (
        created.join(seen, on="external_id", maintain_order="left")
        .select("enrolled_at", user_id="id")
        .select("user_id", "enrolled_at")
    )


def _frame(first_seen: Mapping[Any, datetime], name: str, kind: Any) -> pl.DataFrame:
    rows = [(key, naive_utc(at)) for key, at in sorted(first_seen.items())]
    return pl.DataFrame(rows, schema={name: kind, "enrolled_at": TIME}, orient="row")


def _give_role(tx: Transaction, created: pl.DataFrame) -> None:
    wanted = created.select(user_id="id", role=pl.lit("student"))
    write_rows(tx, UserRole, wanted, stored_rows(tx, UserRole, UserRole.user_id.is_(None)), ["user_id", "role"])


def _enrol(tx: Transaction, course_id: int, people: pl.DataFrame) -> list[int]:
    """Enrol those who are students and not enrolled yet; returns who they are."""
    users = people["user_id"].to_list()
    is_student = (UserRole.role == "student") & UserRole.ended_at.is_(None)
    students = stored_rows(tx, UserRole, is_student & matches_any(tx, UserRole.user_id, users))
    stored = stored_rows(tx, Enrolment, (Enrolment.course_id == course_id) & matches_any(tx, Enrolment.user_id, users))
    new = people.join(students, on="user_id", how="semi").join(stored, on="user_id", how="anti")
    wanted = new.select("user_id", "enrolled_at", course_id=pl.lit(course_id), status=pl.lit("active")).sort("user_id")
    write_rows(tx, Enrolment, wanted, stored, ["user_id", "course_id"])
    return wanted["user_id"].to_list()
