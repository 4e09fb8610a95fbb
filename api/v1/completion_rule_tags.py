"""ETags of completion rules, such as `"3-1f0c…"` for version 3 as it looks now. If-Match takes it, or just `"3"`."""

import re
from hashlib import sha256
from typing import Annotated

from fastapi import Header, HTTPException, Response
from pydantic import BaseModel

from api.answers.conditional import tagged_answer

_TAG = re.compile(r'"(\d{1,9})(?:-[0-9a-f]*)?"')
_DESCRIPTION = "The ETag of the rule that you change, or its version in quotes. If it changed since, you get 412."

IfMatch = Annotated[str | None, Header(alias="If-Match", description=_DESCRIPTION, examples=['"3"'])]


class Outdated(HTTPException):
    def __init__(self) -> None:
        super().__init__(412, "If-Match names no version of this rule that holds. Look at the rule again first.")


def rule_answer(rule: BaseModel, version: int, if_none_match: str | None = None) -> Response:
    """The rule with its ETag, or 304 if the caller has it."""
    content = rule.model_dump_json().encode()
    return tagged_answer(content, f'"{version}-{sha256(content).hexdigest()[:16]}"', if_none_match)


def expected_version(if_match: str | None, version: int | None) -> int | None:
    """The version that a change is based on, if it says so. Raises Outdated for a tag that cannot be a rule's."""
    if if_match is None or if_match.strip() == "*":
        return version
    found = _TAG.fullmatch(if_match.strip())
    if found is None or version not in (None, int(found.group(1))):
        raise Outdated
    return int(found.group(1))
