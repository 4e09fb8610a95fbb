"""Whom and what a chunk of statements names: each subject is numbered and looked up once, whatever number name it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from progress.fold_set import TIME
from progress.importers.xapi.reading import BETWEEN_COURSES
from progress.moments import naive_utc
from progress.xapi.actors import Actor
from progress.xapi.directory import Directory, NotFound
from progress.xapi.subjects import Mention, Subject

_SUBJECT = ["actor", "email", "is_group", "activity", "courses", "is_event"]

_PLACE: dict[str, Any] = {
    "user_id": pl.Int64,
    "module_id": pl.Int64,
    "completion_rule": pl.String,
    "reason": pl.String,
}


def with_subjects(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Subject]]:
    """The rows with `subject`, the place of their subject in the list."""
    named = rows.select(_SUBJECT).unique(maintain_order=True)
    numbers = named.with_row_index("subject")
    numbered = rows.join(numbers, on=_SUBJECT, how="left", nulls_equal=True, maintain_order="left")
    return numbered, [_subject(*row) for row in named.rows()]


def mentions_of(rows: pl.DataFrame, subjects: Sequence[Subject], now: datetime) -> list[Mention]:
    """What the rows tell of their subjects, those that tell the same together."""
    moment = pl.lit(naive_utc(now), TIME)
    grouped = rows.group_by("subject", "length_seconds", "threshold", pl.col("voids").is_not_null()).agg(
        pl.col("title").drop_nulls().first(),
        first_at=pl.min_horizontal(pl.col("happened_at").fill_null(moment).min(), moment.first()),
        count=pl.len(),
    )
    columns = ["subject", "title", "length_seconds", "threshold", "voids", "first_at", "count"]
    return [
        Mention(subjects[number], title, length, threshold, is_voiding, first_at.replace(tzinfo=UTC), count)
        for number, title, length, threshold, is_voiding, first_at, count in grouped.select(columns).rows()
    ]


def places_of(subjects: Sequence[Subject], directory: Directory) -> pl.DataFrame:
    """A row for each subject: user_id, module_id and completion_rule, or the reason why there are none."""
    places = [_place(subject, directory) for subject in subjects]
    return pl.DataFrame(places, schema=_PLACE, orient="row").with_row_index("subject")


def _subject(
    actor: str | None, email: str | None, is_group: bool, activity: str | None, courses: str, is_event: bool
) -> Subject:
    named = tuple(courses.split(BETWEEN_COURSES)) if courses else ()
    return Subject(Actor(actor, email, is_group), activity, named, is_event)


def _place(subject: Subject, directory: Directory) -> tuple[int | None, int | None, str | None, str | None]:
    try:
        user_id, module = directory.find(subject)
    except NotFound as error:
        return None, None, None, str(error)
    return user_id, module and module.module_id, module and module.completion_rule, None
