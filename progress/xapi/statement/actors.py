"""Who a statement is about: agents and groups, checked, and the external id by which Waymark knows them."""

import re
from typing import Any, NamedTuple

import orjson

from progress.xapi.statement.remembering import remembered
from progress.xapi.statement.values import (
    InvalidStatement,
    Json,
    require_iri,
    require_list,
    require_object,
    require_text,
)

_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
_AGENT = frozenset({"objectType", "name", *_IDENTIFIERS})
_GROUP = _AGENT | {"member"}
_ACCOUNT = frozenset({"homePage", "name"})
_MAILTO = re.compile(r"mailto:[^\s@]+@[^\s@]+")
_SHA1 = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Actor(NamedTuple):
    """`external_id` is “homePage|name” of an account, else the mbox, its hash or the OpenID; some groups have none."""

    external_id: str | None
    email: str | None = None
    is_group: bool = False


def actor_of(value: Any, place: str) -> Actor:
    """The agent or group. Raises InvalidStatement."""
    return actor_in(orjson.dumps(value), place)


@remembered(65_536)  # the same few learners are in one statement after the other
def actor_in(text: bytes, place: str) -> Actor:
    """The same of JSON text."""
    value = require_object(orjson.loads(text), place)
    kind = value.get("objectType", "Agent")
    if kind not in ("Agent", "Group"):
        raise InvalidStatement(f"{place}.objectType", "An actor is an Agent or a Group.")
    return _agent(value, place) if kind == "Agent" else _group(value, place)


def agent_of(value: Any, place: str) -> Actor:
    """The same where a group may not stand."""
    actor = actor_of(value, place)
    if actor.is_group:
        raise InvalidStatement(place, "A group may not stand here.")
    return actor


def _agent(value: Json, place: str) -> Actor:
    require_object(value, place, _AGENT)
    identifiers = _identifiers(value, place)
    if len(identifiers) != 1:
        raise InvalidStatement(place, f"An agent needs exactly one of {', '.join(_IDENTIFIERS)}.")
    return _identified(value, identifiers[0], place)


def _group(value: Json, place: str) -> Actor:
    require_object(value, place, _GROUP)
    identifiers = _identifiers(value, place)
    members = require_list(value.get("member", []), f"{place}.member")
    for number, member in enumerate(members):
        agent_of(member, f"{place}.member.{number}")
    if len(identifiers) > 1 or not (identifiers or members):
        raise InvalidStatement(place, f"A group needs one of {', '.join(_IDENTIFIERS)}, or members.")
    actor = _identified(value, identifiers[0], place) if identifiers else Actor(None)
    return actor._replace(is_group=True)


def _identifiers(value: Json, place: str) -> list[str]:
    if "name" in value:
        require_text(value["name"], f"{place}.name")
    return [name for name in _IDENTIFIERS if name in value]


def _identified(value: Json, identifier: str, place: str) -> Actor:
    place, given = f"{place}.{identifier}", value[identifier]
    if identifier == "account":
        return Actor(_account(given, place))
    if identifier == "openid":
        return Actor(require_iri(given, place))
    text = require_text(given, place)
    if identifier == "mbox":
        if not _MAILTO.fullmatch(text) or _CONTROL.search(text):
            raise InvalidStatement(place, "This must be an e-mail address after “mailto:”.")
        return Actor(text, email=text.removeprefix("mailto:"))
    if not _SHA1.fullmatch(text):
        raise InvalidStatement(place, "This must be a SHA-1 sum: 40 hexadecimal digits.")
    return Actor(text.lower())


def _account(value: Any, place: str) -> str:
    account = require_object(value, place, _ACCOUNT)
    home_page = require_iri(account.get("homePage"), f"{place}.homePage")
    name = require_text(account.get("name"), f"{place}.name")
    if not name or _CONTROL.search(name):
        raise InvalidStatement(f"{place}.name", "The account needs a name without control characters.")
    return f"{home_page}|{name}"
