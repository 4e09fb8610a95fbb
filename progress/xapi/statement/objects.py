"""What a statement's verb was done to: an activity, an agent or another statement, checked by the specification."""

from typing import Any, NamedTuple

import orjson

from progress.xapi.statement.actors import actor_of
from progress.xapi.statement.remembering import remembered
from progress.xapi.statement.values import (
    InvalidStatement,
    Json,
    check_each,
    require_extensions,
    require_iri,
    require_language_map,
    require_list,
    require_object,
    require_text,
    require_uuid,
)

_COMPONENTS = {
    "choices": ("choice", "sequencing"),
    "scale": ("likert",),
    "source": ("matching",),
    "target": ("matching",),
    "steps": ("performance",),
}
_INTERACTIONS = frozenset(
    {"true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert", "numeric"}
    | {"other"}
)
_ACTIVITY = frozenset({"objectType", "id", "definition"})
_REFERENCE = frozenset({"objectType", "id"})
_DEFINITION = frozenset(
    {"name", "description", "type", "moreInfo", "extensions", "interactionType", "correctResponsesPattern"}
    | _COMPONENTS.keys()
)
_COMPONENT = frozenset({"id", "description"})


class Object(NamedTuple):
    """`id` is the activity's or the statement's, null for others. `title` is the activity's name in some language."""

    kind: str
    id: str | None = None
    title: str | None = None
    type: str | None = None


def object_of(value: Any, place: str) -> Object:
    """An activity, agent, group or reference; statements within statements are `statements`' matter."""
    return object_in(orjson.dumps(value), place)


@remembered(16_384)
def object_in(text: bytes, place: str) -> Object:
    """The same of JSON text."""
    value = require_object(orjson.loads(text), place)
    kind = value.get("objectType", "Activity")
    if kind == "Activity":
        return _activity(value, place)
    if kind in ("Agent", "Group"):
        actor_of(value, place)
        return Object(kind)
    if kind == "StatementRef":
        return Object(kind, reference_of(value, place))
    raise InvalidStatement(f"{place}.objectType", f"“{kind}” is no kind of object.")


def activity_of(value: Any, place: str) -> Object:
    """The same where only an activity may stand."""
    found = object_of(value, place)
    if found.kind != "Activity":
        raise InvalidStatement(place, "Only an activity may stand here.")
    return found


def reference_of(value: Any, place: str) -> str:
    """The id of the statement that a StatementRef names."""
    reference = require_object(value, place, _REFERENCE)
    if reference.get("objectType") != "StatementRef":
        raise InvalidStatement(f"{place}.objectType", "This must be “StatementRef”.")
    return require_uuid(reference.get("id"), f"{place}.id")


def _activity(value: Json, place: str) -> Object:
    require_object(value, place, _ACTIVITY)
    activity_id = require_iri(value.get("id"), f"{place}.id")
    if "definition" not in value:
        return Object("Activity", activity_id)
    definition = require_object(value["definition"], f"{place}.definition", _DEFINITION)
    _check_definition(definition, f"{place}.definition")
    titles = [text for text in definition.get("name", {}).values() if text.strip()]
    return Object("Activity", activity_id, titles[0] if titles else None, definition.get("type"))


def _check_definition(definition: Json, place: str) -> None:
    check_each(
        definition,
        place,
        {
            "name": require_language_map,
            "description": require_language_map,
            "type": require_iri,
            "moreInfo": require_iri,
            "extensions": require_extensions,
        },
    )
    interaction = definition.get("interactionType")
    if "interactionType" in definition and interaction not in _INTERACTIONS:
        raise InvalidStatement(f"{place}.interactionType", f"“{interaction}” is no kind of interaction.")
    for number, pattern in enumerate(require_list(definition.get("correctResponsesPattern", []), place)):
        require_text(pattern, f"{place}.correctResponsesPattern.{number}")
    if interaction is None and "correctResponsesPattern" in definition:
        raise InvalidStatement(place, "A pattern of responses needs an interactionType.")
    for name in _COMPONENTS.keys() & definition.keys():
        _check_components(definition[name], f"{place}.{name}", interaction in _COMPONENTS[name])


def _check_components(value: Any, place: str, is_allowed: bool) -> None:
    if not is_allowed:
        raise InvalidStatement(place, "This kind of interaction has no such list.")
    seen = set()
    for number, item in enumerate(require_list(value, place)):
        component: Json = require_object(item, f"{place}.{number}", _COMPONENT)
        component_id = require_text(component.get("id"), f"{place}.{number}.id")
        if component_id in seen:
            raise InvalidStatement(f"{place}.{number}.id", "This id stands in the list twice.")
        seen.add(component_id)
        check_each(component, f"{place}.{number}", {"description": require_language_map})
