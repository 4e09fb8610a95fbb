"""`POST /events`: recording one event or many, each with its own verdict."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Literal

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from api.answers.fields import Number, ReportedTime, StrictId, Time, Word, Words
from api.answers.problems import documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.event_examples import EVENT_EXAMPLES
from data.viewer import Viewer
from progress.recording.events import NewEvent, kinds_in_words, source_of
from progress.recording.record import record as record_progress

MOST_EVENTS = 1_000

# The threads that may wait for the record: as many as its connections to PostgreSQL, and separate from other routes'.
_AT_ONCE = CapacityLimiter(16)

_KINDS = (
    f"One of: {kinds_in_words()}. `played` brings `position_seconds` and `watched_intervals`, `scored` a `score`,"
    " `reset` (back to not started) a `reason`. Scores and resets are for staff."
)

EVENTS = APIRouter(route_class=SignedInRoute)


class ReportedEvent(BaseModel):
    """Something that happened to a learner in a module. The same source and event id is the same event for ever."""

    model_config = ConfigDict(extra="forbid")

    source: Word = Field(examples=["lms"], description="Where the event comes from; event ids are unique within it.")
    event_id: Word = Field(examples=["attempt-4711"])
    user_id: StrictId = Field(description="The learner.")
    module_id: StrictId
    kind: Word = Field(examples=["scored"], description=_KINDS)
    occurred_at: ReportedTime
    score: Number | None = Field(None, examples=[72.5], description="0 to 100.")
    position_seconds: Number | None = Field(None, description="Where to resume.")
    watched_intervals: tuple[tuple[Number, Number], ...] = Field(
        (), max_length=1_000, examples=[[[0, 95.5]]], description="Stretches watched, in seconds from the start."
    )
    interactions_count: int = Field(1, strict=True, ge=1, le=1_000_000)
    reason: Words | None = Field(None, description="A note. A reset needs one.")


class EventVerdict(BaseModel):
    event_id: str = Field(examples=["attempt-4711"])
    outcome: Literal["created", "duplicate", "refused"]
    reason: str | None = Field(None, description="Why it was refused.")


class EventVerdicts(BaseModel):
    """A verdict for each event, in the order in which they came. What was created is stored and rolled up by now."""

    as_of: Time
    verdicts: list[EventVerdict]


def _number_of_events(body: Any) -> str:
    return "many" if isinstance(body, list) else "one"


OneOrMany = Annotated[
    Annotated[ReportedEvent, Tag("one")]
    | Annotated[list[ReportedEvent], Field(min_length=1, max_length=MOST_EVENTS), Tag("many")],
    Discriminator(_number_of_events),
]


@EVENTS.post("/events", tags=["Recording"], summary="Record events", responses=documented(400, 401, 403, 413, 415, 422))
async def record(
    viewer: SignedIn, events: Annotated[OneOrMany, Body(openapi_examples=EVENT_EXAMPLES)]
) -> EventVerdicts:
    """Record one event or up to 1,000. Each is created, known already, or refused with the reason; good ones are kept.

    Learners record for themselves, teachers for the learners of their classes, administrators for everyone. Only a
    body that does not have this form at all, such as one with text for a number, is refused as a whole.

    What an administrator's program reports stands on a system's word: it is the learner's own doing, and `completed`
    alone passes no quiz. What a teacher's reports is an entry of the staff, and no activity of the learner.
    """
    listed = events if isinstance(events, list) else [events]
    recording = partial(record_progress, viewer, [_new_event(viewer, event) for event in listed])
    # Once its thread has started it is awaited, so events are recorded even if the caller hangs up now.
    verdicts = await to_thread.run_sync(recording, limiter=_AT_ONCE)
    told = [EventVerdict.model_construct(**vars(verdict)) for verdict in verdicts]
    return EventVerdicts.model_construct(as_of=datetime.now(UTC), verdicts=told)


def _new_event(viewer: Viewer, event: ReportedEvent) -> NewEvent:
    return NewEvent(
        source=source_of(viewer, event.source),
        event_id=event.event_id,
        learner_id=event.user_id,
        module_id=event.module_id,
        kind=event.kind,
        occurred_at=event.occurred_at,
        score=event.score,
        position_seconds=event.position_seconds,
        watched_intervals=event.watched_intervals,
        interactions_count=event.interactions_count,
        reason=event.reason,
        is_a_systems_word=viewer.sees_everyone,
    )
