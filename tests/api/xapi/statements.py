"""Statements as a video player, a quiz and a record store of the school would send them."""

from typing import Any
from uuid import uuid4

HOME_PAGE = "https://lms.example"
COURSE = "https://lms.example/courses/algebra"
OPEN_COURSE = "https://lms.example/courses/open"
VIDEO = "https://videos.example/film"
VIDEO_SECONDS = 100

PLAYED, PAUSED = "https://w3id.org/xapi/video/verbs/played", "https://w3id.org/xapi/video/verbs/paused"
COMPLETED, VOIDED = "http://adlnet.gov/expapi/verbs/completed", "http://adlnet.gov/expapi/verbs/voided"
EXTENSIONS = "https://w3id.org/xapi/video/extensions"


def account_of(name: str) -> str:
    return f"{HOME_PAGE}|{name}"


def actor(name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": HOME_PAGE, "name": name}}


def statement(name: str, verb: str = PLAYED, activity: str = VIDEO, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "actor": actor(name),
        "verb": {"id": verb},
        "object": {"id": activity},
        "timestamp": "2026-03-02T09:30:00Z",
        **more,
    }


def watched(name: str, segments: str, activity: str = VIDEO, **more: Any) -> dict[str, Any]:
    """The player's “paused” with all that was played so far."""
    return statement(
        name,
        PAUSED,
        activity,
        result={"extensions": {f"{EXTENSIONS}/played-segments": segments, f"{EXTENSIONS}/time": 12.5}},
        **more,
    )


def of_course(course: str, length: float | None = None) -> dict[str, Any]:
    """A context that names the course, and how long the video is."""
    context: dict[str, Any] = {"contextActivities": {"parent": [{"id": course}]}}
    return context if length is None else {**context, "extensions": {f"{EXTENSIONS}/length": length}}


def voiding(name: str, statement_id: str) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "actor": actor(name),
        "verb": {"id": VOIDED},
        "object": {"objectType": "StatementRef", "id": statement_id},
    }
