"""A request's body as JSON, more strictly than Python reads it: what two readers could take differently is refused."""

import json
from typing import Any, NamedTuple, NoReturn

from fastapi import HTTPException, Request

from api.answers.bodies import LARGEST_OBJECT_BYTES, in_turn
from api.callers.body_limit import BodyTooLarge
from api.xapi.limits import LARGEST_BODY_BYTES
from api.xapi.multipart import MULTIPART, Parts, parse_multipart
from progress.xapi.statement.attachments import Data, media_type

JSON = "application/json"
_LARGEST_NUMBER = 2**63


class NotStrictJson(HTTPException):
    def __init__(self, words: str) -> None:
        super().__init__(400, f"The body cannot be read as JSON: {words}")
        self.words = words


class NotJson(HTTPException):
    def __init__(self, content_type: str) -> None:
        super().__init__(400, "Send statements as application/json, or as multipart/mixed where they have attachments.")
        self.content_type = content_type


class Sent(NamedTuple):
    """The value of a body's JSON, and the data of attachments that came along."""

    value: Any
    data: list[Data]


async def sent_statements(request: Request, who: object) -> Sent:
    """What the body that `who` sends holds; large ones are read in turn.

    Raises NotJson, NotStrictJson, WrongMultipart, BodyTooLarge.
    """
    content_type = request.headers.get("content-type", "")
    kind = media_type(content_type)
    if kind not in (JSON, MULTIPART):
        raise NotJson(content_type)
    body = await request.body()

    def read() -> Sent:
        statements, data = parse_multipart(content_type, body) if kind == MULTIPART else Parts(body, [])
        if len(statements) > LARGEST_BODY_BYTES:
            raise BodyTooLarge(LARGEST_BODY_BYTES)
        return Sent(parse_strictly(statements), data)

    return read() if len(body) <= LARGEST_OBJECT_BYTES else await in_turn(who, read)


def parse_strictly(body: bytes) -> Any:
    """Raises NotStrictJson also for repeated properties, NaN, numbers beyond 64 bits and bottomless nesting."""
    try:
        return json.loads(
            body.decode(), object_pairs_hook=_object, parse_constant=_refuse_constant, parse_int=_whole_number
        )
    except RecursionError:
        raise NotStrictJson("it is nested too deeply.") from None
    except UnicodeDecodeError:
        raise NotStrictJson("it is not UTF-8.") from None
    except ValueError as error:
        raise NotStrictJson(f"{error}.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise NotStrictJson("an object has the same property twice.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise NotStrictJson(f"{name} is no number.")


def _whole_number(digits: str) -> int:
    number = int(digits) if len(digits) < 25 else _LARGEST_NUMBER
    if not -_LARGEST_NUMBER <= number < _LARGEST_NUMBER:
        raise NotStrictJson("a number is too large.")
    return number
