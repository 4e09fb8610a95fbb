"""Answers that callers may keep, and ask again whether they still hold: ETag, If-None-Match and 304."""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

import orjson
from fastapi import Header, Response

IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="ETags of answers that you have. If one still holds, you get 304."),
]

_ETAG_HEADER = {"description": "Stands for what the answer says.", "schema": {"type": "string"}}
TAGGED: dict[int | str, dict[str, Any]] = {200: {"headers": {"ETag": _ETAG_HEADER}}}
CONDITIONAL: dict[int | str, dict[str, Any]] = {
    **TAGGED,
    304: {"description": "Nothing but `as_of` has changed. No body.", "headers": {"ETag": _ETAG_HEADER}},
}

_UTC = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z
_TAG = re.compile(r'"[^"]*"')


def conditional_answer(said: Mapping[str, Any], as_of: datetime, if_none_match: str | None) -> Response:
    """The answer as JSON with its `as_of`, or 304 when the caller has it already. Times without a zone are in UTC.

    The tag is a weak one, because answers that differ in `as_of` alone have the same.
    """
    tag = sha256(orjson.dumps(said, option=_UTC)).hexdigest()[:32]
    return tagged_answer(orjson.dumps({"as_of": as_of, **said}, option=_UTC), f'W/"{tag}"', if_none_match)


def tagged_answer(content: bytes, etag: str, if_none_match: str | None) -> Response:
    """The JSON with its ETag, or 304 when the caller has it already."""
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if _names(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


def _names(if_none_match: str | None, etag: str) -> bool:
    listed = (if_none_match or "").strip()
    return listed == "*" or etag.removeprefix("W/") in _TAG.findall(listed)
