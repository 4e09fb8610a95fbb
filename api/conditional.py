"""Answers that callers may keep, and ask again whether they still hold: ETag, If-None-Match and 304."""

import re
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header, Response
from pydantic import BaseModel

IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="ETags of answers that you have. If one still holds, you get 304."),
]

_ETAG_HEADER = {"description": "Stands for the answer but its `as_of`.", "schema": {"type": "string"}}
CONDITIONAL: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": _ETAG_HEADER}},
    304: {"description": "Nothing but `as_of` has changed. No body.", "headers": {"ETag": _ETAG_HEADER}},
}

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def conditional_answer(answer: BaseModel, if_none_match: str | None) -> Response:
    """The answer as JSON, or 304 when the caller has it already. What it says is compared, not as of when.

    The tag is a weak one, because answers that differ in `as_of` alone have the same.
    """
    tag = sha256(answer.model_dump_json(exclude={"as_of"}).encode()).hexdigest()[:32]
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "private, no-cache"}
    if _names(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(answer.model_dump_json(), headers=headers, media_type="application/json")


def _names(if_none_match: str | None, tag: str) -> bool:
    listed = (if_none_match or "").strip()
    return listed == "*" or tag in _TAG.findall(listed)
