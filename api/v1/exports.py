"""`GET /exports/{what}`: all rows of a view that a person may see, as a file that is written while it is sent."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import polars as pl
from anyio import CancelScope, Semaphore, fail_after, to_thread
from fastapi import APIRouter, HTTPException, Path, Query
from starlette.responses import StreamingResponse
from starlette.types import Send

from api.answers.fields import Id
from api.answers.problems import WrongValue, documented
from api.callers.signed_in import SignedIn, SignedInRoute
from progress.audit.reads import note_export
from queries.exports.formats import as_csv, as_json, as_parquet
from queries.exports.whole_views import EXPORTS as WHAT_THERE_IS
from queries.exports.whole_views import FilterNotTaken, UnknownExport, exported
from queries.exports.workbook import TooManyRowsForExcel, as_xlsx

EXPORTS = APIRouter(route_class=SignedInRoute)

EXPORTS_AT_ONCE = 2
SECONDS_TO_TAKE_A_PIECE = 60.0

_places = Semaphore(EXPORTS_AT_ONCE)


class Format(StrEnum):
    """How the rows are written."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON = "json"


MEDIA_TYPES = {
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.JSON: "application/json",
}
# Shortened: real rows have more columns.
_EXAMPLES: dict[Format, dict[str, Any]] = {
    Format.CSV: {
        "example": "learner_id,learner_external_id,course_id,course_title,shown_percentage\n17,28400,3,Algebra,66\n"
    },
    Format.JSON: {
        "example": '[\n{"learner_id":17,"learner_external_id":"28400","course_id":3,"course_title":"Algebra"}\n]\n'
    },
}
_FILE: dict[str, Any] = {
    "description": "The file. Its first line or its fields bear the names of the columns.",
    "content": {
        MEDIA_TYPES[each]: {"schema": {"type": "string", "format": "binary"}} | _EXAMPLES.get(each, {})
        for each in Format
    },
}


class NoSuchExport(HTTPException):
    def __init__(self) -> None:
        super().__init__(404, f"There is no such export. There are: {', '.join(WHAT_THERE_IS)}.")


class WrongFilter(WrongValue):
    def __init__(self, what: str, name: str) -> None:
        taken = ", ".join(WHAT_THERE_IS[what].filters)
        super().__init__(("query", name), f"The export {what} cannot be narrowed by {name}, but by: {taken}.")


class TooLongForExcel(HTTPException):
    def __init__(self, most: int) -> None:
        words = f"There are more than {most:,} rows. Narrow the export down, or take CSV, which Excel reads as well."
        super().__init__(422, words)


class FileWhileItIsWritten(StreamingResponse):
    """Sends the pieces of a file as they are produced in a thread. Only a few of these run at once.

    The others wait their turn; a client that takes no piece for a minute loses its turn. An error before the first
    piece becomes an answer of its own; a later one breaks the connection, so that nobody mistakes a part for the whole.
    """

    def __init__(self, pieces: Iterator[bytes], media_type: str, file_name: str) -> None:
        super().__init__((), media_type=media_type)
        self.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
        self.pieces = pieces

    async def stream_response(self, send: Send) -> None:
        async with _places, _closing(self.pieces):
            piece = await to_thread.run_sync(_first_piece, self.pieces)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while piece is not None:
                with fail_after(SECONDS_TO_TAKE_A_PIECE):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await to_thread.run_sync(next, self.pieces, None)
            await send({"type": "http.response.body", "body": b"", "more_body": False})


@EXPORTS.get(
    "/exports/{what}",
    tags=["Exports"],
    summary="Take rows out as a file",
    status_code=200,  # FastAPI cannot derive it from this response class
    response_class=FileWhileItIsWritten,
    openapi_extra={"x-rate-limit": "export"},
    responses={200: _FILE, **documented(401, 403, 404, 422, 429)},
)
def export(
    viewer: SignedIn,
    what: Annotated[str, Path(description="What to take out.", json_schema_extra={"enum": list(WHAT_THERE_IS)})],
    chosen: Annotated[Format, Query(alias="format", description="How to write it.")] = Format.CSV,
    course_id: Annotated[Id | None, Query(description="Of this course alone.")] = None,
    class_id: Annotated[Id | None, Query(description="Of this class’s learners, in its course alone.")] = None,
    learner_id: Annotated[Id | None, Query(description="Of this learner alone.")] = None,
    byte_order_mark: Annotated[
        bool, Query(description="Begin CSV with the mark by which Excel knows the alphabet.")
    ] = True,
) -> FileWhileItIsWritten:
    """Exactly your rows, with the numbers of the pages; without any, a file with the headings alone.

    Columns are called as everywhere; times are UTC. In CSV, text that a spreadsheet would run as a formula has an
    apostrophe before it. Notes to events are left out. Excel files hold up to 200,000 rows.
    """
    given = {"course_id": course_id, "class_id": class_id, "learner_id": learner_id}
    frames = partial(exported, viewer, what, {name: value for name, value in given.items() if value is not None})
    try:
        pieces = _pieces(frames, chosen, byte_order_mark)
    except UnknownExport:
        raise NoSuchExport from None
    except FilterNotTaken as refused:
        raise WrongFilter(what, refused.filter) from None
    note_export(viewer, what, chosen, **{name: value for name, value in given.items() if value is not None})
    return FileWhileItIsWritten(pieces, MEDIA_TYPES[chosen], f"waymark-{what}-{viewer.today()}.{chosen}")


def _pieces(frames: Callable[[], Iterator[pl.DataFrame]], chosen: Format, byte_order_mark: bool) -> Iterator[bytes]:
    checked = frames()
    match chosen:
        case Format.CSV:
            return as_csv(checked, byte_order_mark=byte_order_mark)
        case Format.JSON:
            return as_json(checked)
        case Format.PARQUET:
            return as_parquet(checked)
        case Format.XLSX:
            return as_xlsx(frames)


def _first_piece(pieces: Iterator[bytes]) -> bytes | None:
    try:
        return next(pieces, None)
    except TooManyRowsForExcel as error:
        raise TooLongForExcel(error.most) from None


@asynccontextmanager
async def _closing(pieces: Any) -> AsyncGenerator[None]:
    """Close the query and delete the temporary file in any case, also in a thread."""
    try:
        yield
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(pieces.close)
