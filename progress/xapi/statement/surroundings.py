"""A statement's verb, result and context, checked by the specification."""

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
