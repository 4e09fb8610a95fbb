"""`/xapi` put together: its routes, their limits and their errors. It is independent of `/api/v1`."""

from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.middleware import Middleware
from starlette.routing import Mount

from api.answers.problem_words import place_and_words
from api.answers.problems import answer_with_problems, problem
from api.callers.allowed_origins import AllowedOrigins
from api.callers.programs import COMPRESSION
from api.callers.rate_limit import RateLimit
from api.reference.routes import describe
from api.xapi.activity_profile import ACTIVITY_PROFILE
from api.xapi.agent_profile import AGENT_PROFILE
from api.xapi.alternate_syntax import AlternateSyntax
from api.xapi.answers import ANSWERS
from api.xapi.known import KNOWN
from api.xapi.limits import LARGEST_BODY_BYTES, LARGEST_MULTIPART_BYTES, BodyLimits
from api.xapi.parameters import NoParameters
from api.xapi.reception import RECEPTION
from api.xapi.route import add_reading_route
from api.xapi.state import STATE
from api.xapi.versions import VERSION, AnswerHeaders
from progress.xapi.documents.keeping import LARGEST_DOCUMENT_BYTES, MOST_BYTES_OF_AN_OWNER

_DESCRIPTION = f"""Statements of xAPI {VERSION}: what learners did, as other systems tell it.

Programs send an access token as `Authorization: Bearer wm_…`, or as the password of `Authorization: Basic` with any
user name, and `X-Experience-API-Version: {VERSION}`. A learner's external id here is `homePage|name` of an account,
else the `mbox`; a module's is the id of the activity."""


# An extension's name is an address, which need not lead anywhere.
_BOUNDS = "https://waymark.invalid/xapi/largest-bytes"


def _application() -> FastAPI:
    api = FastAPI(
        title="Waymark xAPI",
        version=VERSION,
        description=_DESCRIPTION,
        redoc_url=None,
        docs_url=None,
        openapi_url=None,
        middleware=[Middleware(BodyLimits)],
    )
    for router in (RECEPTION, ANSWERS, STATE, AGENT_PROFILE, ACTIVITY_PROFILE, KNOWN):
        api.include_router(router)
    add_reading_route(api.router, "/about", about, tags=["About"], summary="Versions that are spoken")
    answer_with_problems(api)
    api.add_exception_handler(RequestValidationError, _wrong_request)
    describe(api, "/xapi")
    return api


def about(_: Annotated[NoParameters, Query()]) -> dict[str, Any]:
    """Which versions of xAPI are spoken here, and how large what is sent may be. Anyone may ask."""
    bounds = {
        "request": LARGEST_BODY_BYTES,
        "request with attachments": LARGEST_MULTIPART_BYTES,
        "document": LARGEST_DOCUMENT_BYTES,
        "documents of an agent or activity": MOST_BYTES_OF_AN_OWNER,
    }
    return {"version": [VERSION, "1.0.2", "1.0.1", "1.0.0"], "extensions": {_BOUNDS: bounds}}


async def _wrong_request(_: Request, error: Exception) -> JSONResponse:
    """The specification has 400 for what the rest of the API answers with 422."""
    assert isinstance(error, RequestValidationError)
    place, words = place_and_words(error.errors()[0])
    parameter = ".".join(str(step) for step in place[1:])
    return problem(400, f"{parameter}: {words}" if parameter else words)


XAPI_ROUTES = Mount(
    "/xapi",
    app=_application(),
    middleware=[
        Middleware(AllowedOrigins),
        COMPRESSION,
        Middleware(AnswerHeaders),
        Middleware(RateLimit),
        Middleware(AlternateSyntax, limit_bytes=LARGEST_BODY_BYTES),
    ],
)
