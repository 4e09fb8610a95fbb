"""ETags of completion rules: `"3-1f0c…"` is what version 3 looks like now. A change names it in If-Match, or `"3"`."""

import re
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header, HTTPException, Response
from pydantic import BaseModel

_TAG = re.compile(r'"(\d{1,9})(?:-[0-9a-f]*)?"')
_DESCRIPTION = "The ETag of the rule that you change, or its version in quotes. If it changed since, you get 412."

IfMatch = Annotated[str | None, Header(alias="If-Match", description=_DESCRIPTION, examples=['"3"'])]

_ETAG_HEADER = {"description": "The rule’s version, and what it looks like.", "schema": {"type": "string"}}
TAGGED: dict[int | str, dict[str, Any]] = {200: {"headers": {"ETag": _ETAG_HEADER}}}
CONDITIONAL: dict[int | str, dict[str, Any]] = {
    **TAGGED,
    304: {"description": "You have this already. No body.", "headers": {"ETag": _ETAG_HEADER}},
}


class Outdated(HTTPException):
    def __init__(self) -> None:
        super().__init__(412, "If-Match names no version of this rule that holds. Look at the rule again first.")


def tagged_answer(answer: BaseModel, version: int, if_none_match: str | None = None) -> Response:
    """The answer as JSON with its tag, or 304 where the caller has it."""
    content = answer.model_dump_json()
    tag = f'"{version}-{sha256(content.encode()).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and (if_none_match.strip() == "*" or tag in if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


def expected_version(if_match: str | None, version: int | None) -> int | None:
    """The version that a change was made from, if it says so. Raises Outdated for a tag that can be none of a rule."""
    if if_match is None or if_match.strip() == "*":
        return version
    found = _TAG.fullmatch(if_match.strip())
    if found is None or version not in (None, int(found.group(1))):
        raise Outdated
    return int(found.group(1))
