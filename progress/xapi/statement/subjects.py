"""Whom and what statements are about, apart from all else that they say: so that each is looked up once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from progress.xapi.statement.actors import Actor
from progress.xapi.statement.incoming import Incoming


class Subject(NamedTuple):
    """`courses` are the ids that may name the course, best first. What is no event, nor may be one, is only kept."""

    actor: Actor
    activity: str | None
    courses: tuple[str, ...]
    is_event: bool
    may_be_event: bool


class VideoMention(NamedTuple):
    """What statements tell of a video for making it known; `first_at` is the earliest of their times."""

    activity: str | None
    courses: tuple[str, ...]
    is_event: bool
    title: str | None
    length_seconds: float | None
    threshold: float | None
    first_at: datetime
    statements_count: int = 1


class LearnerMention(NamedTuple):
    """The same of a learner."""

    actor: Actor
    courses: tuple[str, ...]
    first_at: datetime


class Mentions(NamedTuple):
    """What statements tell for making known what they name. Those that void others tell nothing."""

    videos: Sequence[VideoMention]
    learners: Sequence[LearnerMention]


def subject_of(item: Incoming) -> Subject:
    return Subject(item.actor, item.activity, item.told.courses, item.told.is_event, item.told.may_be_event)


def mentions_of(items: Sequence[Incoming], received_at: datetime) -> Mentions:
    telling = [(item, min(item.happened(received_at), received_at)) for item in items if item.voids is None]
    return Mentions(
        [_video_mention(item, first_at) for item, first_at in telling],
        [LearnerMention(item.actor, item.told.courses, first_at) for item, first_at in telling],
    )


def _video_mention(item: Incoming, first_at: datetime) -> VideoMention:
    told = item.told
    return VideoMention(
        item.activity, told.courses, told.is_event, item.title, told.length_seconds, told.threshold, first_at
    )
