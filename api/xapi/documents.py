"""What the three resources of documents have in common: reading, writing, removing, and errors as answers."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import orjson
from fastapi import HTTPException, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.answers.problems import documented, problem
from api.xapi.parameters import Time
from api.xapi.tagged import conditions_of, tagged_answer
from data.viewer import Viewer
from progress.xapi.documents.contexts import Context, NameTooLong, NotYourDocuments
from progress.xapi.documents.keeping import (
    JSON_TYPE,
    DocumentExists,
    NotJsonDocument,
    NotMergeable,
    PreconditionFailed,
    TooLarge,
    delete_document,
    delete_documents,
    document,
    documents,
    merge_document,
    put_document,
)
from progress.xapi.documents.storing import Sent

_ANY_TYPE = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}(?:\s*;[\x20-\x7e]{0,200})?", re.ASCII)

WRITING: dict[str, Any] = {
    "status_code": 204,
    "response_class": Response,
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {JSON_TYPE: {"schema": {}, "example": {"bookmark": "page-7"}}, "*/*": {"schema": {}}},
        }
    },
}


class WrittenAfter(BaseModel):
    """Of several documents, those that were written later than `since`."""

    since: Time | None = None

    @property
    def written_after(self) -> datetime | None:
        return self.since  # type: ignore[return-value]  # what Time has made of the text


def changing(tag: str) -> dict[str, Any]:
    """How a route that writes or removes documents is described."""
    return {"tags": [tag], "responses": documented(409, 412, 413)}


def reading(summary: str, tag: str) -> dict[str, Any]:
    """How a route that reads documents is described."""
    names = {"schema": {"type": "array", "items": {"type": "string"}}, "example": ["bookmark"]}
    found = {"description": "The document, or the names of all.", "content": {JSON_TYPE: names, "*/*": {"schema": {}}}}
    return {"summary": summary, "tags": [tag], "response_class": Response, "responses": {200: found, **documented(404)}}


async def read(request: Request, context: Context, name: str | None, since: datetime | None) -> Response:
    """The document of this name, or without a name the names of all."""
    viewer: Viewer = request.state.viewer
    if name is None:
        listed = await run_in_threadpool(documents, viewer, context, since)
        return tagged_answer(request, orjson.dumps(listed.names), JSON_TYPE, listed.updated_at)
    found = await run_in_threadpool(document, viewer, context, name)
    if found is None:
        return problem(404, "There is no such document among those you may see.")
    return tagged_answer(request, found.content, found.content_type, found.updated_at, found.etag)


async def put(request: Request, context: Context, name: str) -> Response:
    return await _write(put_document, request, context, name)


async def merge(request: Request, context: Context, name: str) -> Response:
    return await _write(merge_document, request, context, name)


async def remove(request: Request, context: Context, name: str | None, since: datetime | None = None) -> Response:
    with _plain_statuses():
        if name is None:
            await run_in_threadpool(delete_documents, request.state.viewer, context, since)
        else:
            await run_in_threadpool(delete_document, request.state.viewer, context, name, conditions_of(request))
    return Response(status_code=204)


async def _write(write: Callable[..., None], request: Request, context: Context, name: str) -> Response:
    content_type = request.headers.get("content-type", _ANY_TYPE).strip()
    if not _MEDIA_TYPE.fullmatch(content_type):
        raise HTTPException(400, "The Content-Type of the document is none.")
    sent = Sent(content_type, await request.body())
    with _plain_statuses():
        await run_in_threadpool(write, request.state.viewer, context, name, sent, conditions_of(request))
    return Response(status_code=204)


_STATUSES: dict[type[Exception], int] = {
    NotYourDocuments: 403,
    NameTooLong: 400,
    NotMergeable: 400,
    NotJsonDocument: 400,
    DocumentExists: 409,
    PreconditionFailed: 412,
    TooLarge: 413,
}


@contextmanager
def _plain_statuses() -> Iterator[None]:
    try:
        yield
    except tuple(_STATUSES) as error:
        raise HTTPException(_STATUSES[type(error)], f"{error} Nothing was changed.") from None
