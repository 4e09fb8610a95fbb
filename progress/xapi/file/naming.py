"""Whom and what a chunk of statements names: each subject is numbered and looked up once, whatever number name it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from data.moments import naive_utc
from progress.completion.module_states import TIME
from progress.xapi.file.reading import BETWEEN_COURSES
from progress.xapi.record.directory import Directory, NotFound
from progress.xapi.statement.actors import Actor
from progress.xapi.statement.subjects import LearnerMention, Mentions, Subject, VideoMention

_SUBJECT = ["actor", "email", "is_group", "activity", "courses", "is_event", "may_be_event"]

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


def mentions_in(rows: pl.DataFrame, now: datetime) -> Mentions:
    """What the rows tell for making known what they name; those that tell the same are one mention."""
    moment = pl.lit(naive_utc(now), TIME)
    numbers = ["length_seconds", "threshold"]
    told = (
        rows.filter(pl.col("voids").is_null())
        .group_by("subject", *numbers, maintain_order=True)
        .agg(
            pl.col(_SUBJECT).first(),
            pl.col("title").drop_nulls().first(),
            first_at=pl.min_horizontal(pl.col("happened_at").fill_null(moment).min(), moment.first()),
            count=pl.len(),
        )
    )
    videos = told.group_by("activity", "courses", "is_event", *numbers, maintain_order=True).agg(
        pl.col("title").drop_nulls().first(), pl.col("first_at").min(), pl.col("count").sum()
    )
    learners = told.group_by("actor", "email", "is_group", "courses", maintain_order=True).agg(pl.col("first_at").min())
    return Mentions(list(_videos(videos)), list(_learners(learners)))


def _videos(told: pl.DataFrame) -> Iterator[VideoMention]:
    for activity, courses, is_event, length, threshold, title, first_at, count in told.iter_rows():
        since = first_at.replace(tzinfo=UTC)
        yield VideoMention(activity, _courses(courses), is_event, title, length, threshold, since, count)


def _learners(told: pl.DataFrame) -> Iterator[LearnerMention]:
    for actor, email, is_group, courses, first_at in told.iter_rows():
        yield LearnerMention(Actor(actor, email, is_group), _courses(courses), first_at.replace(tzinfo=UTC))


def places_of(subjects: Sequence[Subject], directory: Directory) -> pl.DataFrame:
    """A row for each subject: user_id, module_id and completion_rule, or the reason why there are none."""
    places = [_place(subject, directory) for subject in subjects]
    return pl.DataFrame(places, schema=_PLACE, orient="row").with_row_index("subject")


def _subject(
    actor: str | None,
    email: str | None,
    is_group: bool,
    activity: str | None,
    courses: str,
    is_event: bool,
    may_be_event: bool,
) -> Subject:
    return Subject(Actor(actor, email, is_group), activity, _courses(courses), is_event, may_be_event)


def _courses(courses: str) -> tuple[str, ...]:
    return tuple(courses.split(BETWEEN_COURSES)) if courses else ()


def _place(subject: Subject, directory: Directory) -> tuple[int | None, int | None, str | None, str | None]:
    try:
        user_id, module = directory.find(subject)
    except NotFound as error:
        return None, None, None, str(error)
    return user_id, module and module.module_id, module and module.completion_rule, None
