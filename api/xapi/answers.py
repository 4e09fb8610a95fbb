"""`GET /xapi/statements`: one statement by its id, or those that are asked for, page by page."""

from email.utils import format_datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api.answers.problems import documented, problem
from api.xapi.multipart import multipart_of
from api.xapi.queries import Cursor, StatementQuery, cursor_of
from api.xapi.route import StatementRoute, add_reading_route
from api.xapi.versions import consistent_through
from data.viewer import Viewer
from progress.xapi.record.attachments import with_attachments
from progress.xapi.record.consistency import stored_through
from progress.xapi.record.finding import FoundStatement, FoundStatements, find_statements, statement_by_id
from progress.xapi.statement.attachments import Data
from progress.xapi.statement.formats import in_format

ANSWERS = APIRouter(route_class=StatementRoute)


class StatementResult(BaseModel):
    """A page of statements, and the address of the next one; empty on the last."""

    statements: list[dict[str, Any]]
    more: str = Field(examples=["/xapi/statements?cursor=eyJhZnRlciI6MTd9"])


async def statements(request: Request, query: Annotated[StatementQuery, Query()]) -> Response:
    """Statements about learners whom you may see; those about nobody known here are for administrators.

    With `statementId` or `voidedStatementId` the answer is that statement alone.
    """
    viewer: Viewer = request.state.viewer
    languages = _languages(request)
    wanted = query.statement_id or query.voided_statement_id
    if wanted is not None:
        return await run_in_threadpool(_one, viewer, query, wanted, languages)
    cursor = cursor_of(query.cursor) if query.cursor is not None else None
    path = f"{request.scope.get('root_path', '')}/statements"
    return await run_in_threadpool(_page, viewer, query, cursor, languages, path)


def _one(viewer: Viewer, query: StatementQuery, wanted: str, languages: list[str]) -> Response:
    headers = consistent_through(stored_through(viewer))
    found = statement_by_id(viewer, wanted, is_voided=query.voided_statement_id is not None)
    if found is None:
        return problem(404, "There is no such statement among those you may see.", headers=headers)
    data = with_attachments(FoundStatements([found], None))[1] if query.attachments == "true" else None
    return _answer(in_format(found.statement, query.format, languages), headers, [found], data)


def _page(viewer: Viewer, query: StatementQuery, cursor: Cursor | None, languages: list[str], path: str) -> Response:
    asked = cursor or query.first_page
    headers = consistent_through(stored_through(viewer))  # first: what comes in meanwhile is later
    page = find_statements(viewer, asked.filter, asked.limit, asked.after)
    page, data = with_attachments(page) if asked.attachments else (page, None)
    more = ""
    if page.next_after is not None:
        more = f"{path}?cursor={asked.model_copy(update={'after': page.next_after}).text()}"
    listed = [in_format(each.statement, asked.format, languages) for each in page.statements]
    return _answer({"statements": listed, "more": more}, headers, page.statements, data)


def _answer(
    content: dict[str, Any], headers: dict[str, str], found: list[FoundStatement], data: list[Data] | None
) -> Response:
    """As JSON, or with the data of attachments where that is asked for."""
    if found:
        newest = format_datetime(max(each.stored_at for each in found), usegmt=True)
        headers = {**headers, "Last-Modified": newest}
    content_type, body = "application/json", orjson.dumps(content)
    if data is not None:
        content_type, body = multipart_of(body, data)
    return Response(body, media_type=content_type, headers=headers)


def _languages(request: Request) -> list[str]:
    """The languages of Accept-Language in their order; weights that contradict it are rare and not read."""
    listed = request.headers.get("accept-language", "").split(",")
    return [language for each in listed if (language := each.partition(";")[0].strip()) and language != "*"]


_DOCUMENTED: dict[str, Any] = {
    "tags": ["Statements"],
    "summary": "Find statements",
    "responses": {
        200: {
            "model": StatementResult,
            "content": {"multipart/mixed": {"schema": {"type": "string", "format": "binary"}}},
        },
        **documented(404),
    },
}
add_reading_route(ANSWERS, "/statements", statements, **_DOCUMENTED)
