"""Kinds of parameters that several resources take, each checked as the specification says."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.xapi.body import NotStrictJson, parse_strictly
from progress.xapi.statement.actors import Actor, actor_of, agent_of
from progress.xapi.statement.values import InvalidStatement, require_iri, require_time, require_uuid

_LONGEST_NAME_BYTES = 500


class NoParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _iri(value: str) -> str:
    return _checked(require_iri, value)  # type: ignore[no-any-return]


def _uuid(value: str) -> str:
    return _checked(require_uuid, value)  # type: ignore[no-any-return]


def _time(value: str) -> datetime:
    # An unescaped plus sign arrives as a space.
    return _checked(require_time, value.replace(" ", "+"))  # type: ignore[no-any-return]


def _checked(check: Any, value: Any) -> Any:
    try:
        return check(value, "")
    except InvalidStatement as error:
        raise ValueError(str(error)) from None


def _named_actor(value: str) -> str:
    actor = _understood(actor_of, value)
    if actor.external_id is None:
        raise ValueError("A group without an id cannot be asked for.")
    return actor.external_id


def _agent_json(value: str) -> str:
    agent_in(value)
    return value


def agent_in(text: str) -> Actor:
    """The agent of a parameter. Raises ValueError."""
    return _understood(agent_of, text)


def _understood(read: Callable[[Any, str], Actor], text: str) -> Actor:
    try:
        return read(parse_strictly(text.encode()), "agent")
    except NotStrictJson as error:
        raise ValueError(f"This cannot be read as JSON: {error.words}") from None
    except orjson.JSONEncodeError as error:
        raise ValueError(str(error)) from None
    except InvalidStatement as error:
        raise ValueError(error.words) from None


def _name(value: str) -> str:
    if not value or len(value.encode(errors="replace")) > _LONGEST_NAME_BYTES or "\0" in value:
        raise ValueError(f"A name has 1 to {_LONGEST_NAME_BYTES} bytes, and no zero byte.")
    return value


Flag = Literal["true", "false"]
Uuid = Annotated[str, AfterValidator(_uuid), Field(json_schema_extra={"format": "uuid"})]
Time = Annotated[str, AfterValidator(_time), Field(json_schema_extra={"format": "date-time"})]
Iri = Annotated[str, AfterValidator(_iri)]
NamedActor = Annotated[str, AfterValidator(_named_actor)]
AgentJson = Annotated[str, AfterValidator(_agent_json), Field(description="An agent as JSON.")]
Name = Annotated[str, AfterValidator(_name)]
