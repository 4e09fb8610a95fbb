"""`PUT` and `POST /xapi/statements`: statements are taken in, all that were sent together or none of them."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.answers.problems import documented
from api.xapi.body import sent_statements
from api.xapi.parameters import NoParameters, Uuid
from api.xapi.route import StatementRoute, plain_statuses
from data.viewer import Viewer
from progress.xapi.record.receiving import Received, receive
from progress.xapi.statement.attachments import Data

MOST_STATEMENTS_SENT = 1_000
_MOST_PASSED_OVER = 5

_PLAIN_MARKS = str.maketrans("“”", '""')
_NOT_FOR_HEADERS = re.compile(r"[^\x20-\x7e]")

RECEPTION = APIRouter(route_class=StatementRoute)

_STATEMENT = {
    "type": "object",
    "required": ["actor", "verb", "object"],
    "example": {
        "actor": {"account": {"homePage": "https://lms.example", "name": "28400"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://videos.example/17"},
    },
}


_MULTIPART = """--b
Content-Type: application/json

{"actor": …, "attachments": [{"sha2": "4953…", …}]}
--b
Content-Type: text/plain
Content-Transfer-Encoding: binary
X-Experience-API-Hash: 4953…

here is a simple attachment
--b--"""


def _documented_body(schema: dict[str, Any]) -> dict[str, Any]:
    parts = {
        "schema": {"type": "string", "format": "binary"},
        "examples": {"multipart": {"summary": "with an attachment", "value": _MULTIPART}},
    }
    content = {"application/json": {"schema": schema}, "multipart/mixed": parts}
    return {"requestBody": {"required": True, "content": content}}


class TooManyStatements(HTTPException):
    def __init__(self, count: int) -> None:
        super().__init__(413, f"These are {count:,} statements. Send at most {MOST_STATEMENTS_SENT:,} at once.")


class NamedStatement(BaseModel):
    model_config = ConfigDict(extra="forbid")

    statement_id: Uuid = Field(alias="statementId")


@RECEPTION.put(
    "/statements",
    tags=["Statements"],
    summary="Store a statement",
    status_code=204,
    responses=documented(409, 413),
    openapi_extra=_documented_body(_STATEMENT),
)
async def put(request: Request, query: Annotated[NamedStatement, Query()]) -> Response:
    """Store one statement under this id. The same statement again changes nothing; another one is a conflict."""
    value, data = await sent_statements(request, request.state.viewer.user_id)
    if not isinstance(value, dict):
        raise HTTPException(400, "PUT takes a single statement.")
    said = value.get("id", query.statement_id)
    if not isinstance(said, str) or said.lower() != query.statement_id:
        raise HTTPException(400, "The statement has another id than the address.")
    received = await run_in_threadpool(_receive, request.state.viewer, [{**value, "id": query.statement_id}], data)
    return Response(status_code=204, headers=_passed_over(received))


@RECEPTION.post(
    "/statements",
    tags=["Statements"],
    summary="Store statements",
    responses=documented(409, 413),
    openapi_extra=_documented_body(
        {"anyOf": [_STATEMENT, {"type": "array", "items": _STATEMENT, "maxItems": MOST_STATEMENTS_SENT}]}
    ),
)
async def post(request: Request, response: Response, _: Annotated[NoParameters, Query()]) -> list[str]:
    """Store one statement or up to 1,000, all of them or none; answers with their ids.

    Statements of the video profile, of cmi5, and plain completed, attempted and scored become events; others are kept.
    Learners send about themselves, teachers about the learners of their classes, administrators about everyone.
    """
    value, data = await sent_statements(request, request.state.viewer.user_id)
    values = value if isinstance(value, list) else [value]
    if len(values) > MOST_STATEMENTS_SENT:
        raise TooManyStatements(len(values))
    received = await run_in_threadpool(_receive, request.state.viewer, values, data)
    response.headers.update(_passed_over(received))
    return received.ids


def _passed_over(received: Received) -> dict[str, str]:
    """A header that says what could not be read of extensions, since an answer has no place for it."""
    if not received.passed_over:
        return {}
    words = [f"{statement_id}: {what}" for statement_id, what in received.passed_over.items()]
    more = [f"and in {len(words) - _MOST_PASSED_OVER} more"] if len(words) > _MOST_PASSED_OVER else []
    said = " ".join([*words[:_MOST_PASSED_OVER], *more]).translate(_PLAIN_MARKS)
    return {"X-Waymark-Passed-Over": _NOT_FOR_HEADERS.sub("?", said)}


def _receive(viewer: Viewer, values: list[Any], data: list[Data]) -> Received:
    with plain_statuses():
        return receive(viewer, values, data)
