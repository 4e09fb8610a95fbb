"""The xAPI door put together: its routes, their limits and their errors. It stands beside `/api/v1`, at `/xapi`."""

from fastapi import FastAPI, Request
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
from api.xapi.limits import LARGEST_BODY_BYTES, BodyLimits
from api.xapi.reception import RECEPTION
from api.xapi.route import add_reading_route
from api.xapi.state import STATE
from api.xapi.versions import VERSION, AnswerHeaders

_DESCRIPTION = f"""Statements of xAPI {VERSION}: what learners did, as other systems tell it.

Programs send an access token as `Authorization: Bearer wm_…`, or as the password of `Authorization: Basic` with any
user name, and `X-Experience-API-Version: {VERSION}`. A learner's external id here is `homePage|name` of an account,
else the `mbox`; a module's is the id of the activity."""


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
    for router in (RECEPTION, ANSWERS, STATE, AGENT_PROFILE, ACTIVITY_PROFILE):
        api.include_router(router)
    add_reading_route(api.router, "/about", about, tags=["About"], summary="Versions that are spoken")
    answer_with_problems(api)
    api.add_exception_handler(RequestValidationError, _wrong_request)
    describe(api, "/xapi")
    return api


def about() -> dict[str, list[str]]:
    """Which versions of xAPI are spoken here. Anyone may ask."""
    return {"version": [VERSION, "1.0.2", "1.0.1", "1.0.0"]}


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
