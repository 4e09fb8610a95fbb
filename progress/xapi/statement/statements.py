"""A whole statement, checked by the specification (xAPI 1.0.3) and brought into the one form in which it is kept."""

import re
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from progress.xapi.statement.actors import Actor, actor_of
from progress.xapi.statement.attachments import check_attachments
from progress.xapi.statement.objects import Object, object_of
from progress.xapi.statement.surroundings import (
    check_context,
    check_result,
    related_activities,
    verb_of,
)
from progress.xapi.statement.values import (
    InvalidStatement,
    Json,
    require_object,
    require_text,
    require_time,
    require_uuid,
)

VOIDED = "http://adlnet.gov/expapi/verbs/voided"

_SUB_STATEMENT = frozenset({"actor", "verb", "object", "result", "context", "timestamp", "attachments"})
_STATEMENT = _SUB_STATEMENT | {"id", "stored", "authority", "version"}
_VERSION = re.compile(r"1\.0(\.\d+)?", re.ASCII)
_NOTHING: Json = {}


class Statement(NamedTuple):
    """A statement that the specification allows. `body` is all of it; `happened_at` its timestamp, null where none."""

    id: str
    actor: Actor
    verb: str
    object: Object
    result: Json
    context: Json
    related: dict[str, tuple[Object, ...]]
    happened_at: datetime | None
    body: Json


def statement_of(value: Any) -> Statement:
    """Check a statement. One without an id is given one. Raises InvalidStatement."""
    body = require_object(value, "", _STATEMENT)
    given = body.get("id")
    statement_id = str(uuid4()) if given is None and "id" not in body else require_uuid(given, "id")
    if statement_id != given:
        body = {**body, "id": statement_id}
    check_what_is_filled_in(body)
    return _statement(body, statement_id, "")


def _statement(body: Json, statement_id: str, place: str) -> Statement:
    for name in ("actor", "verb", "object"):
        if name not in body:
            raise InvalidStatement(f"{place}{name}", "A statement needs an actor, a verb and an object.")
    verb = verb_of(body["verb"], f"{place}verb")
    target, kept_target = _object_of(body["object"], f"{place}object", is_within=bool(place))
    if verb == VOIDED and target.kind != "StatementRef":
        raise InvalidStatement(f"{place}object", "What is voided is named by a StatementRef.")
    result = check_result(body["result"], f"{place}result") if "result" in body else _NOTHING
    context = check_context(body["context"], f"{place}context", target.kind) if "context" in body else _NOTHING
    related = related_activities(context, f"{place}context.contextActivities")
    happened_at = require_time(body["timestamp"], f"{place}timestamp") if "timestamp" in body else None
    if "attachments" in body:
        check_attachments(body["attachments"], f"{place}attachments")
    actor = actor_of(body["actor"], f"{place}actor")
    kept = body if context is _NOTHING else {**body, "context": with_lists(context)}
    if kept_target is not body["object"]:
        kept = {**kept, "object": kept_target}
    return Statement(statement_id, actor, verb, target, result, context, related, happened_at, kept)


def check_what_is_filled_in(body: Json) -> None:
    """`stored`, `version` and `authority`, where they are."""
    if "stored" in body:
        require_time(body["stored"], "stored")
    if "version" in body and not _VERSION.fullmatch(require_text(body["version"], "version")):
        raise InvalidStatement("version", "Only statements of xAPI 1.0 are taken in.")
    if "authority" in body:
        authority = actor_of(body["authority"], "authority")
        if authority.is_group and (authority.external_id or len(body["authority"]["member"]) != 2):
            raise InvalidStatement("authority", "As an authority, a group has exactly two members and no id.")


def _object_of(value: Any, place: str, is_within: bool) -> tuple[Object, Any]:
    """The object, and what is kept of it."""
    if not isinstance(value, dict) or value.get("objectType") != "SubStatement":
        return object_of(value, place), value
    if is_within:
        raise InvalidStatement(place, "A SubStatement cannot hold another one.")
    inner = require_object({name: value[name] for name in value if name != "objectType"}, place, _SUB_STATEMENT)
    kept = _statement(inner, "", f"{place}.").body
    return Object("SubStatement"), value if kept is inner else {"objectType": "SubStatement", **kept}


def with_lists(context: Json) -> Json:
    """The context with a list wherever `contextActivities` has a single activity, as the specification wants it."""
    activities = context.get("contextActivities", _NOTHING)
    if dict not in map(type, activities.values()):
        return context
    lists = {name: listed if isinstance(listed, list) else [listed] for name, listed in activities.items()}
    return {**context, "contextActivities": lists}
