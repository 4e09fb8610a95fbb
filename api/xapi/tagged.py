"""Answers with the ETag that the specification prescribes, the SHA-1 of their content; and ETags in requests."""

import hashlib
import re
from datetime import datetime
from email.utils import format_datetime

from fastapi import Request, Response

from progress.xapi.documents.keeping import Conditions

# Whatever somebody called a document, it is no page of this site: browsers neither run nor show it.
_HARMLESS = {"Content-Disposition": "attachment", "Content-Security-Policy": "sandbox; default-src 'none'"}

# A compressed answer would need another ETag than the document has.
_UNCOMPRESSED = {"Content-Encoding": "identity"}

_TAG = re.compile(r'(?:W/)?"([^"]*)"|([^\s",]+)')


def tagged_answer(
    request: Request, content: bytes, content_type: str, updated_at: datetime | None = None, etag: str | None = None
) -> Response:
    """The content, or 304 where the request names its ETag in If-None-Match."""
    tag = etag or hashlib.sha1(content, usedforsecurity=False).hexdigest()
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", **_HARMLESS, **_UNCOMPRESSED}
    if updated_at is not None:
        headers["Last-Modified"] = format_datetime(updated_at, usegmt=True)
    known = _tags(request, "if-none-match")
    if known is not None and known & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(content, headers={**headers, "Content-Type": content_type})


def conditions_of(request: Request) -> Conditions:
    return Conditions(_tags(request, "if-match"), _tags(request, "if-none-match"))


def _tags(request: Request, header: str) -> frozenset[str] | None:
    """The tags in a header, also where they stand without quotes, as some players send them."""
    value = request.headers.get(header)
    return None if value is None else frozenset(quoted or bare for quoted, bare in _TAG.findall(value))
