"""Statements of a small course of videos, and files of them in every form."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

COURSE = "https://mooc.example/courses/1"
FILM, CLIP = "uuid://film", "uuid://clip"
ADL, VIDEO = "http://adlnet.gov/expapi/verbs", "https://w3id.org/xapi/video"
VERBS = {
    "played": f"{VIDEO}/verbs/played",
    "paused": f"{VIDEO}/verbs/paused",
    "completed": f"{ADL}/completed",
    "interacted": f"{ADL}/interacted",
    "initialized": f"{ADL}/initialized",
}


def statement(number: int, verb: str, learner: str = "ada", video: str = FILM, **extensions: Any) -> dict[str, Any]:
    """The statement with this number, a minute after the one before; a length stands in its context."""
    length = {"length": extensions.pop("length")} if "length" in extensions else {}
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{number}")),
        "actor": {"account": {"homePage": "https://mooc.example", "name": learner}},
        "verb": {"id": VERBS[verb]},
        "object": {"id": video, "definition": {"name": {"en": video.removeprefix("uuid://").title()}}},
        "result": {"extensions": _named(extensions)},
        "context": {"contextActivities": {"parent": [{"id": COURSE}]}, "extensions": _named(length)},
        "timestamp": f"2025-01-06T09:{number:02}:00Z",
    }


def _named(extensions: dict[str, Any]) -> dict[str, Any]:
    return {f"{VIDEO}/extensions/{name.replace('_', '-')}": value for name, value in extensions.items()}


def small_course() -> list[dict[str, Any]]:
    """Ada watches the film to the end in two goes, Ben begins it, Cem looks at it; the clip's length comes last."""
    return [
        statement(1, "initialized", length=100),
        statement(2, "paused", time=50, played_segments="0[.]50", length=100),
        statement(3, "paused", time=95, played_segments="50[.]60[,]40[.]95", length=100),
        statement(4, "played", "ben", time=7),
        statement(5, "interacted", "cem"),
        statement(6, "completed", "ben", CLIP, played_segments="0[.]8"),
        statement(7, "paused", "ben", CLIP, time=5, played_segments="0[.]5", length=10),
    ]


def write_lines(path: Path, statements: Iterable[Any]) -> Path:
    """One a line; text stays as it is."""
    path.write_text("".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in statements))
    return path


def packed(path: Path) -> Path:
    target = path.with_name(f"{path.name}.gz")
    target.write_bytes(gzip.compress(path.read_bytes()))
    return target
