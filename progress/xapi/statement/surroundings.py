"""A statement's verb, result, context and attachments, checked by the specification."""

from typing import Any

import orjson

from progress.xapi.statement.actors import actor_of
from progress.xapi.statement.objects import Object, activity_of, reference_of
from progress.xapi.statement.remembering import remembered
from progress.xapi.statement.values import (
    InvalidStatement,
    Json,
    check_each,
    require_duration,
    require_extensions,
    require_flag,
    require_iri,
    require_language,
    require_language_map,
    require_list,
    require_number,
    require_object,
    require_text,
    require_uuid,
)

_VERB = frozenset({"id", "display"})
_RESULT = frozenset({"score", "success", "completion", "response", "duration", "extensions"})
_SCORE = frozenset({"scaled", "raw", "min", "max"})
_CONTEXT = frozenset(
    {"registration", "instructor", "team", "contextActivities", "revision", "platform", "language", "statement"}
    | {"extensions"}
)
_RELATIONS = ("parent", "grouping", "category", "other")
_ATTACHMENT = frozenset(
    {"usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"}
)  # fmt: skip


def verb_of(value: Any, place: str) -> str:
    """The verb's id."""
    return verb_in(orjson.dumps(value), place)


@remembered(4_096)
def verb_in(text: bytes, place: str) -> str:
    """The same of JSON text."""
    verb = require_object(orjson.loads(text), place, _VERB)
    check_each(verb, place, {"display": require_language_map})
    return require_iri(verb.get("id"), f"{place}.id")


def check_result(value: Any, place: str) -> Json:
    result = require_object(value, place, _RESULT)
    check_each(result, place, _RESULT_CHECKS)
    return result


def check_score(value: Any, place: str) -> None:
    score = require_object(value, place, _SCORE)
    numbers = {name: require_number(score[name], f"{place}.{name}") for name in score}
    if not -1 <= numbers.get("scaled", 0) <= 1:
        raise InvalidStatement(f"{place}.scaled", "A scaled score lies between -1 and 1.")
    low, high = numbers.get("min", float("-inf")), numbers.get("max", float("inf"))
    if low >= high:
        raise InvalidStatement(place, "The smallest score must be below the largest.")
    if "raw" in numbers and not low <= numbers["raw"] <= high:
        raise InvalidStatement(f"{place}.raw", "The score lies outside of its own smallest and largest.")


_RESULT_CHECKS = {
    "score": check_score,
    "success": require_flag,
    "completion": require_flag,
    "response": require_text,
    "duration": require_duration,
    "extensions": require_extensions,
}


def check_context(value: Any, place: str, object_kind: str) -> Json:
    context = require_object(value, place, _CONTEXT)
    check_each(context, place, _CONTEXT_CHECKS)
    if object_kind != "Activity" and context.keys() & {"revision", "platform"}:
        raise InvalidStatement(place, "Only an activity has a revision or a platform.")
    if "team" in context and not actor_of(context["team"], f"{place}.team").is_group:
        raise InvalidStatement(f"{place}.team", "A team is a Group.")
    return context


def related_activities(context: Json, place: str) -> dict[str, tuple[Object, ...]]:
    """The activities of `contextActivities` by their relation."""
    value = context.get("contextActivities")
    return {} if value is None and "contextActivities" not in context else _related(orjson.dumps(value), place)


@remembered(16_384)
def _related(text: bytes, place: str) -> dict[str, tuple[Object, ...]]:
    value = require_object(orjson.loads(text), place, frozenset(_RELATIONS))
    return {
        name: tuple(
            activity_of(activity, f"{place}.{name}")
            for activity in (listed if isinstance(listed, list) else [listed])
        )
        for name, listed in value.items()
    }  # fmt: skip


_CONTEXT_CHECKS = {
    "registration": require_uuid,
    "instructor": actor_of,
    "team": actor_of,
    "revision": require_text,
    "platform": require_text,
    "language": require_language,
    "statement": reference_of,
    "extensions": require_extensions,
}


def check_attachments(value: Any, place: str) -> None:
    """Attachments that stand elsewhere, under their `fileUrl`: none are taken in."""
    for number, item in enumerate(require_list(value, place)):
        here = f"{place}.{number}"
        attachment = require_object(item, here, _ATTACHMENT)
        missing = {"usageType", "display", "contentType", "length", "sha2"} - attachment.keys()
        if missing:
            raise InvalidStatement(here, f"An attachment needs {sorted(missing)[0]}.")
        if "fileUrl" not in attachment:
            raise InvalidStatement(here, "Only attachments that stand elsewhere, under a fileUrl, are supported.")
        check_each(attachment, here, _ATTACHMENT_CHECKS)


def _check_length(value: Any, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidStatement(place, "This must be a number of bytes.")


_ATTACHMENT_CHECKS = {
    "usageType": require_iri,
    "display": require_language_map,
    "description": require_language_map,
    "contentType": require_text,
    "length": _check_length,
    "sha2": require_text,
    "fileUrl": require_iri,
}
