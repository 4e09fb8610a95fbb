"""A request's body as JSON, more strictly than Python reads it: what two readers could take differently is refused."""

import json
from typing import Any, NoReturn

from fastapi import HTTPException, Request

from api.answers.bodies import LARGEST_OBJECT_BYTES, in_turn

_LARGEST_NUMBER = 2**63


class NotStrictJson(HTTPException):
    def __init__(self, words: str) -> None:
        super().__init__(400, f"The body cannot be read as JSON: {words}")
        self.words = words


class NoAttachments(HTTPException):
    def __init__(self) -> None:
        words = "Attachments are not supported. Send statements as application/json; an attachment may have a fileUrl."
        super().__init__(400, words)


class NotJson(HTTPException):
    def __init__(self, content_type: str) -> None:
        super().__init__(400, "Send statements as application/json, or as multipart/mixed where they have attachments.")
        self.content_type = content_type


async def json_body(request: Request, who: object) -> Any:
    """The value of the body that `who` sends; large ones are read in turn.

    Raises NotJson, NoAttachments, NotStrictJson, BodyTooLarge.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/mixed":
        raise NoAttachments
    if content_type != "application/json":
        raise NotJson(content_type)
    body = await request.body()
    if len(body) <= LARGEST_OBJECT_BYTES:
        return parse_strictly(body)
    return await in_turn(who, lambda: parse_strictly(body))


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
