"""Examples of bodies for `POST /events`, for its documentation."""

from typing import Any

_WATCHED = {
    "source": "player",
    "event_id": "5f1c-42",
    "user_id": 17,
    "module_id": 41,
    "kind": "played",
    "occurred_at": "2026-03-02T09:30:00+01:00",
    "position_seconds": 95.5,
    "watched_intervals": [[0, 40], [62, 95.5]],
}
_SCORED = {
    "source": "lms",
    "event_id": "attempt-4711",
    "user_id": 17,
    "module_id": 42,
    "kind": "scored",
    "occurred_at": "2026-03-02T08:45:00Z",
    "score": 72.5,
}

EVENT_EXAMPLES: dict[str, Any] = {
    "watched": {"summary": "A lecture was watched", "value": _WATCHED},
    "scored": {"summary": "A quiz was scored", "value": _SCORED},
    "list": {"summary": "Several at once", "value": [_WATCHED, _SCORED]},
}
