"""A statement on its way in: checked, understood, and the text in which it will be kept."""

from datetime import datetime
from typing import Any, NamedTuple

import orjson

from progress.xapi.statement.actors import Actor
from progress.xapi.statement.meaning import Told, told_by
from progress.xapi.statement.named import named_by
from progress.xapi.statement.statements import VOIDED, statement_of
from progress.xapi.statement.values import InvalidStatement, Json

# Filled in by whoever stores a statement: two that differ only in these are the same.
_FILLED_IN = ("stored", "authority", "version")


class Incoming(NamedTuple):
    """`activity` is the id of its object, `targets` the same where that is a statement, `named` what it names besides
    (`named.named_by`), `text` the statement as JSON.
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

    @property
    def voids(self) -> str | None:
        """The id of the statement that this one voids."""
        return self.targets if self.verb == VOIDED else None

    def happened(self, stored_at: datetime) -> datetime:
        """Its timestamp, or when it was stored."""
        return self.happened_at or stored_at


def incoming(value: Any) -> Incoming:
    """Raises InvalidStatement for what the specification forbids, Unusable for what cannot be an event."""
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
    )


def says_the_same(one: str, other: str) -> bool:
    """Whether two statements as JSON are the same in all that their senders say."""
    return one == other or _said(one) == _said(other)


def _said(text: str) -> Json:
    said: Json = orjson.loads(text)
    return {name: said[name] for name in said if name not in _FILLED_IN}
