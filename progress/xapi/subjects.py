"""Whom and what statements are about, apart from all else that they say: so that each is looked up once."""

from datetime import datetime
from typing import NamedTuple

from progress.xapi.actors import Actor
from progress.xapi.incoming import Incoming


class Subject(NamedTuple):
    """`courses` are the ids that may name the course, best first. What is no event is only kept."""

    actor: Actor
    activity: str | None
    courses: tuple[str, ...]
    is_event: bool


class Mention(NamedTuple):
    """What statements about the same tell for making it known; `first_at` is the earliest of their times."""

    subject: Subject
    title: str | None
    length_seconds: float | None
    threshold: float | None
    is_voiding: bool
    first_at: datetime
    statements_count: int = 1


def subject_of(item: Incoming) -> Subject:
    return Subject(item.actor, item.activity, item.told.courses, item.told.meant is not None)


def mention_of(item: Incoming, received_at: datetime) -> Mention:
    told, first_at = item.told, min(item.happened(received_at), received_at)
    is_voiding = item.voids is not None
    return Mention(subject_of(item), item.title, told.length_seconds, told.threshold, is_voiding, first_at)
