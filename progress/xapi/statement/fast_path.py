"""Statements as most systems send them, straight from their JSON text: in half the time of `incoming`, with its result.

The text is read by types. Parts that come again and again (actors, verbs, objects, courses) are checked once, by the
rules that `incoming` has. Whatever is unusual is left to it: it knows what to say.
"""

from functools import lru_cache
from typing import Any

import orjson
from msgspec import UNSET, MsgspecError, Raw, Struct, UnsetType
from msgspec.json import Decoder, Encoder

from progress.xapi.statement.actors import Actor, actor_in
from progress.xapi.statement.incoming import Incoming
from progress.xapi.statement.meaning import Parts, Unusable, courses_of, told
from progress.xapi.statement.named import as_text, authority_names, names_in, related_names
from progress.xapi.statement.objects import Object, object_in
from progress.xapi.statement.statements import VOIDED, check_what_is_filled_in, with_lists
from progress.xapi.statement.surroundings import check_score, related_activities, verb_in
from progress.xapi.statement.values import (
    InvalidStatement,
    Json,
    require_duration,
    require_extensions,
    require_language,
    require_time,
    require_uuid,
)
from progress.xapi.statement.verbs import VERBS, Meant

_NOTHING: Json = {}

# Without anything nested: how deep that may be, `incoming` knows.
_Extensions = dict[str, str | int | float | bool | None]


class _Result(Struct, gc=False, forbid_unknown_fields=True):
    score: dict[str, float] | UnsetType = UNSET
    success: bool | UnsetType = UNSET
    completion: bool | UnsetType = UNSET
    response: str | UnsetType = UNSET
    duration: str | UnsetType = UNSET
    extensions: _Extensions | UnsetType = UNSET


class _Context(Struct, gc=False, forbid_unknown_fields=True):
    registration: str | UnsetType = UNSET
    contextActivities: Raw | UnsetType = UNSET  # noqa: N815
    revision: str | UnsetType = UNSET
    platform: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    extensions: _Extensions | UnsetType = UNSET


class _Said(Struct, gc=False, forbid_unknown_fields=True):
    id: str
    actor: Raw
    verb: Raw
    object: Raw
    timestamp: str
    result: _Result | UnsetType = UNSET
    context: _Context | UnsetType = UNSET
    stored: str | UnsetType = UNSET
    authority: Json | UnsetType = UNSET
    version: str | UnsetType = UNSET


class _LeftToIncoming(Exception):
    """Something that only `incoming` reads."""


_LEFT_TO_INCOMING = (
    _LeftToIncoming,
    MsgspecError,
    RecursionError,
    OverflowError,
    UnicodeDecodeError,
    orjson.JSONDecodeError,
    orjson.JSONEncodeError,
    InvalidStatement,
    Unusable,
)

_SAID = Decoder(_Said)
_TEXT = Encoder()


def incoming_quickly(text: bytes) -> Incoming | None:
    """The statement in the text, as `incoming` would give it; None where that has to look at it.

    What is kept has its parts in the specification's order.
    """
    try:
        return _incoming(_SAID.decode(text))
    except _LEFT_TO_INCOMING:
        return None


def _incoming(said: _Said) -> Incoming:
    said.id, happened_at = require_uuid(said.id, "id"), require_time(said.timestamp, "timestamp")
    actor, said.actor = _actor(bytes(said.actor))
    verb, meant, said.verb = _verb(bytes(said.verb))
    target, said.object = _target(bytes(said.object))
    if said.stored is not UNSET or said.authority is not UNSET or said.version is not UNSET:
        _check_what_is_filled_in(said)
    extensions, courses, named = _of_context(said.context)
    if said.authority is not UNSET:
        named = _with_authority(named, orjson.dumps(said.authority))
    what = told(meant, Parts(*_of_result(said.result), extensions, courses), happened_at)
    text = _TEXT.encode(said).decode()
    return Incoming(said.id, actor, verb, target.id, target.title, None, happened_at, what, named, text)


@lru_cache(maxsize=65_536)
def _actor(text: bytes) -> tuple[Actor, Raw]:
    actor = actor_in(text, "actor")
    if actor.is_group:
        raise _LeftToIncoming
    return actor, _kept(orjson.loads(text))


@lru_cache(maxsize=4_096)
def _verb(text: bytes) -> tuple[str, Meant | None, Raw]:
    verb = verb_in(text, "verb")
    if verb == VOIDED:
        raise _LeftToIncoming
    return verb, VERBS.get(verb), _kept(orjson.loads(text))


@lru_cache(maxsize=16_384)
def _target(text: bytes) -> tuple[Object, Raw]:
    target = object_in(text, "object")
    if target.kind != "Activity":
        raise _LeftToIncoming
    return target, _kept(orjson.loads(text))


def _of_result(result: _Result | UnsetType) -> tuple[Json, Json]:
    """Its score and its extensions."""
    if result is UNSET:
        return _NOTHING, _NOTHING
    if result.duration is not UNSET:
        require_duration(result.duration, "result.duration")
    score = _NOTHING if result.score is UNSET else result.score
    if score:
        check_score(score, "result.score")
    return score, _extensions(result.extensions)


def _of_context(context: _Context | UnsetType) -> tuple[Json, tuple[str, ...], str]:
    """Its extensions, the courses that it names, and all that it names."""
    if context is UNSET:
        return _NOTHING, (), ""
    if context.registration is not UNSET:
        require_uuid(context.registration, "context.registration")
    if context.language is not UNSET:
        require_language(context.language, "context.language")
    if context.contextActivities is UNSET:
        return _extensions(context.extensions), (), ""
    courses, named, context.contextActivities = _activities(bytes(context.contextActivities))
    return _extensions(context.extensions), courses, named


@lru_cache(maxsize=16_384)
def _activities(text: bytes) -> tuple[tuple[str, ...], str, Raw]:
    context = {"contextActivities": orjson.loads(text)}
    courses = courses_of(related_activities(context, "context.contextActivities"))
    listed = with_lists(context)["contextActivities"]
    return courses, as_text(related_names(listed)), _kept(listed)


@lru_cache(maxsize=16_384)
def _with_authority(named: str, authority: bytes) -> str:
    return as_text([*names_in(named), *authority_names(orjson.loads(authority))])


def _extensions(given: _Extensions | UnsetType) -> Json:
    return _NOTHING if given is UNSET else require_extensions(given, "extensions")


def _check_what_is_filled_in(said: _Said) -> None:
    given = {"stored": said.stored, "authority": said.authority, "version": said.version}
    check_what_is_filled_in({name: value for name, value in given.items() if value is not UNSET})


def _kept(value: Any) -> Raw:
    """As it stands two levels deep in the statement: refused where that would be nested too deep."""
    return Raw(orjson.dumps([[value]])[2:-2])
