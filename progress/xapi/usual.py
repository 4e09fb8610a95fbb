"""Statements as most systems send them, straight from their JSON text: in half the time of `incoming`, with its result.

Their parts are checked by the same rules, as text: the same few actors, verbs, objects and contexts come again and
again, and are read once. Whatever is unusual is left to `incoming`, which knows what to say of it.
"""

from functools import lru_cache
from typing import Any

import orjson
from msgspec import MsgspecError, Raw, Struct
from msgspec.json import Decoder

from progress.xapi.actors import Actor, actor_in
from progress.xapi.incoming import Incoming
from progress.xapi.meaning import Around, Unusable, around_of, told
from progress.xapi.objects import Object, object_in
from progress.xapi.statements import VOIDED, check_what_is_filled_in, with_lists
from progress.xapi.surroundings import check_context, check_result, related_activities, verb_in
from progress.xapi.values import InvalidStatement, Json, require_time, require_uuid
from progress.xapi.verbs import VERBS, Meant

_NONE = Raw()
_NOTHING: Json = {}


class _Said(Struct, gc=False, forbid_unknown_fields=True):
    id: str
    actor: Raw
    verb: Raw
    object: Raw
    timestamp: str
    result: Raw = _NONE
    context: Raw = _NONE
    stored: Raw = _NONE
    authority: Raw = _NONE
    version: Raw = _NONE

    @property
    def is_filled_in(self) -> bool:
        return not (self.stored is self.authority is self.version is _NONE)


class _NotUsual(Exception):
    """Something that only `incoming` reads."""


_LEFT_TO_INCOMING = (
    _NotUsual,
    MsgspecError,
    UnicodeDecodeError,
    orjson.JSONDecodeError,
    orjson.JSONEncodeError,
    InvalidStatement,
    Unusable,
)

_SAID = Decoder(_Said)


def usual(text: bytes) -> Incoming | None:
    """The statement in the text, as `incoming` would give it; None where that has to look at it.

    What is kept has its parts in the specification's order.
    """
    try:
        return _incoming(_SAID.decode(text))
    except _LEFT_TO_INCOMING:
        return None


def _incoming(said: _Said) -> Incoming:
    statement_id, happened_at = require_uuid(said.id, "id"), require_time(said.timestamp, "timestamp")
    actor, actor_text = _actor(bytes(said.actor))
    verb, meant, verb_text = _verb(bytes(said.verb))
    target, target_text = _target(bytes(said.object))
    result, result_text = _result(bytes(said.result))
    around, context_text = _context(bytes(said.context))
    filled_in = _filled_in(said) if said.is_filled_in else ""
    text = (
        f'{{"id":"{statement_id}",{actor_text},{verb_text},{target_text}{result_text}{context_text}'
        f',"timestamp":"{said.timestamp}"{filled_in}}}'
    )
    what = told(meant, result, around, happened_at)
    return Incoming(statement_id, actor, verb, target.id, target.title, None, happened_at, what, text)


@lru_cache(maxsize=65_536)
def _actor(text: bytes) -> tuple[Actor, str]:
    actor = actor_in(text, "actor")
    if actor.is_group:
        raise _NotUsual
    return actor, _member("actor", orjson.loads(text))


@lru_cache(maxsize=4_096)
def _verb(text: bytes) -> tuple[str, Meant | None, str]:
    verb = verb_in(text, "verb")
    if verb == VOIDED:
        raise _NotUsual
    return verb, VERBS.get(verb), _member("verb", orjson.loads(text))


@lru_cache(maxsize=16_384)
def _target(text: bytes) -> tuple[Object, str]:
    target = object_in(text, "object")
    if target.kind != "Activity":
        raise _NotUsual
    return target, _member("object", orjson.loads(text))


def _result(text: bytes) -> tuple[Json, str]:
    if not text:
        return _NOTHING, ""
    result = check_result(orjson.loads(text), "result")
    return result, f",{_member('result', result)}"


@lru_cache(maxsize=16_384)
def _context(text: bytes) -> tuple[Around, str]:
    if not text:
        return around_of(_NOTHING, {}), ""
    context = check_context(orjson.loads(text), "context", "Activity")
    around = around_of(context, related_activities(context, "context.contextActivities"))
    return around, f",{_member('context', with_lists(context))}"


def _filled_in(said: _Said) -> str:
    given = {name: bytes(getattr(said, name)) for name in ("stored", "authority", "version")}
    filled_in = {name: orjson.loads(text) for name, text in given.items() if text}
    check_what_is_filled_in(filled_in)
    return "".join(f",{_member(name, value)}" for name, value in filled_in.items())


def _member(name: str, value: Any) -> str:
    """As it stands within the statement: refused where that would be nested too deep."""
    return orjson.dumps({name: value})[1:-1].decode()
