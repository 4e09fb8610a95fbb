"""A statement on its way in: checked, understood, and the text in which it will be kept."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from progress.xapi.statement.actors import Actor
from progress.xapi.statement.attachments import Data, check_data
from progress.xapi.statement.meaning import Told, told_by
from progress.xapi.statement.named import named_by
from progress.xapi.statement.statements import VOIDED, statement_of
from progress.xapi.statement.values import InvalidStatement, Json

# Filled in by the LRS: two statements that differ only in these are the same.
_FILLED_IN = ("stored", "authority", "version")

_NONE: Mapping[str, Data] = MappingProxyType({})


class Incoming(NamedTuple):
    """`activity` is the id of its object, `targets` the same where that is a statement, `named` what else it names
    (`named.named_by`), `text` the statement as JSON, `attached` the hashes of attachments that came along.
    """

    id: str
    actor: Actor
    verb: str
    activity: str | None
    title: str | None
    targets: str | None
    happened_at: datetime | None
    told: Told
    named: str
    text: str
    attached: tuple[str, ...] = ()

    @property
    def voids(self) -> str | None:
        """The id of the statement that this one voids."""
        return self.targets if self.verb == VOIDED else None

    def happened(self, stored_at: datetime) -> datetime:
        """Its timestamp, or when it was stored."""
        return self.happened_at or stored_at


def incoming(value: Any, received: Mapping[str, Data] = _NONE) -> Incoming:
    """Raises InvalidStatement for what the specification forbids, Unusable for what cannot be an event.

    `received` is the data of attachments that came along, by its hash. Signatures among it are not looked into here:
    what that takes would make the start of the process that reads files a slow one.
    """
    try:
        statement = statement_of(value)
        text = orjson.dumps(statement.body).decode()
    except orjson.JSONEncodeError:
        raise InvalidStatement("", "It holds numbers, characters or a nesting that cannot be kept.") from None
    target = statement.object
    return Incoming(
        id=statement.id,
        actor=statement.actor,
        verb=statement.verb,
        activity=target.id,
        title=target.title,
        targets=target.id if target.kind == "StatementRef" else None,
        happened_at=statement.happened_at,
        told=told_by(statement),
        named=named_by(statement.body),
        text=text,
        attached=check_data(statement.body, received),
    )


def says_the_same(one: str, other: str) -> bool:
    """Whether two statements as JSON are the same in all that their senders say."""
    return one == other or said_alike(orjson.loads(one), orjson.loads(other))


def said_alike(one: Json, other: Json) -> bool:
    """The same of statements as they are given out."""
    return _said(one) == _said(other)


def _said(statement: Json) -> Json:
    return {name: value for name, value in statement.items() if name not in _FILLED_IN}
