"""What a statement tells of a learner and a video: verb, position, watched stretches, score, length and threshold."""

import math
from datetime import datetime
from typing import Any, NamedTuple

from data.moments import EARLIEST
from progress.completion.intervals import Interval
from progress.xapi.statement.objects import Object
from progress.xapi.statement.remembering import remembered
from progress.xapi.statement.segments import played_segments
from progress.xapi.statement.statements import Statement
from progress.xapi.statement.values import Json
from progress.xapi.statement.verbs import ONLY_OF_WHAT_IS_KNOWN, VERBS, Meant

COURSE_TYPE = "http://adlnet.gov/expapi/activities/course"

_VIDEO = "https://w3id.org/xapi/video/extensions"
_TIME, _TIME_TO, _SEGMENTS = f"{_VIDEO}/time", f"{_VIDEO}/time-to", f"{_VIDEO}/played-segments"
_LENGTH, _THRESHOLD = f"{_VIDEO}/length", f"{_VIDEO}/completion-threshold"
_NOTHING: Json = {}


class Unusable(Exception):
    """A statement that the specification allows and that cannot be an event. Its text is meant for people."""


class Told(NamedTuple):
    """`meant` is null for what is stored and ignored. `courses` are the ids that may name the course, best first.

    `passed_over` says what could not be read of the extensions, or "": they are no reason to refuse a statement.
    """

    meant: Meant | None
    position_seconds: float | None
    watched_intervals: tuple[Interval, ...]
    score: float | None
    length_seconds: float | None
    threshold: float | None
    courses: tuple[str, ...]
    passed_over: str = ""

    @property
    def is_event(self) -> bool:
        """Whether it must be an event: about someone and something that is known, or it is refused."""
        return self.meant is not None and self.meant != ONLY_OF_WHAT_IS_KNOWN

    @property
    def may_be_event(self) -> bool:
        return self.meant is not None


class Parts(NamedTuple):
    """What meaning is taken from: the result's score and extensions, the context's extensions, `courses` as in Told."""

    score: Json
    inner: Json
    outer: Json
    courses: tuple[str, ...]


def told_by(statement: Statement) -> Told:
    """What the statement tells. Raises Unusable where it ought to be an event and cannot be one."""
    meant = VERBS.get(statement.verb) if statement.object.kind == "Activity" and not statement.actor.is_group else None
    inner, outer = (part.get("extensions", _NOTHING) for part in (statement.result, statement.context))
    score, courses = statement.result.get("score", _NOTHING), courses_of(statement.related)
    return told(meant, Parts(score, inner, outer, courses), statement.happened_at)


def told(meant: Meant | None, parts: Parts, happened_at: datetime | None) -> Told:
    """As `told_by`, of the parts of a statement."""
    given_score, inner, outer, courses = parts
    length, no_length = _positive(inner.get(_LENGTH, outer.get(_LENGTH)), "length")
    threshold, no_threshold = _positive(inner.get(_THRESHOLD, outer.get(_THRESHOLD)), "completion threshold")
    score = _score(given_score) if meant != "played" else None
    if meant is None or (meant == ONLY_OF_WHAT_IS_KNOWN and score is None):
        return Told(None, None, (), None, length, None, courses)
    _check_time(happened_at)
    if meant == "scored" and score is None:
        raise Unusable("The score cannot be read: it needs “scaled”, or “raw” with “max”.")
    segments, no_segments = played_segments(inner.get(_SEGMENTS, ""))
    position, no_position = _position(inner.get(_TIME_TO, inner.get(_TIME)))
    if threshold is not None and threshold > 1:
        threshold = None
    passed_over = no_segments or no_position or no_length or no_threshold
    return Told(meant, position, segments, score, length, threshold, courses, passed_over)


def courses_of(related: dict[str, tuple[Object, ...]]) -> tuple[str, ...]:
    """The courses that the related activities may name, as in Told."""
    return _courses((related.get("parent", ()), related.get("grouping", ())))


def _length_of_ids(related: tuple[tuple[Object, ...], ...]) -> int:
    return sum(len(activity.id or "") for activities in related for activity in activities)


@remembered(16_384, _length_of_ids)
def _courses(related: tuple[tuple[Object, ...], ...]) -> tuple[str, ...]:
    """Parents before groupings, and those that say that they are courses before the others."""
    activities = (activity for listed in related for activity in listed)
    named = sorted(activities, key=lambda activity: activity.type != COURSE_TYPE)
    return tuple(activity.id for activity in named if activity.id)


def _check_time(moment: datetime | None) -> None:
    if moment is not None and moment < EARLIEST:
        raise Unusable("The date is too long ago to be right.")


def _score(score: Json) -> float | None:
    """0 to 100. A negative scaled score is worse than nothing, which is 0 here; a scale that nobody tells has none.

    Rounded, or 0.57 of a mark would be 56.99999999999999 and fail at a pass mark of 57.
    """
    low, high = score.get("min", 0), score.get("max")
    if "scaled" in score:
        share: float = score["scaled"]
    elif "raw" in score and high is not None and high > low:
        share = (score["raw"] - low) / (high - low)
    else:
        return None
    return min(100.0, max(0.0, round(100 * share, 6)))


# A number and nothing amiss, or nothing and what is amiss.
_Read = tuple[float | None, str]


def _position(value: Any) -> _Read:
    if value is None:
        return None, ""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None, f"The position {value!s:.40} is not a number of seconds from 0 and counts as not told."
    return float(value), ""


def _positive(value: Any, noun: str) -> _Read:
    if value is None:
        return None, ""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if is_number and value > 0:
        return float(value), ""
    return None, f"The {noun} {value!s:.40} is not a number above 0 and counts as not told."
