"""The API for programs, put together. What a route takes, checks and answers stands in its own module."""

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware import Middleware
from starlette.routing import Mount

from api.body_limit import BodyLimit
from api.changes import CHANGES
from api.course_progress import COURSE_PROGRESS
from api.events import EVENTS
from api.problems import answer_with_problems
from api.user_progress import USER_PROGRESS

LARGEST_BODY_BYTES = 4_000_000

_DESCRIPTION = """Record what learners do, and ask how far they have come.

Sign in at [/auth/login](/auth/login): the API takes the same session cookie as the pages, and shows the same numbers to
the same people. What does not exist and what you may not see are answered alike.
Times are UTC. Errors are problem details (RFC 9457)."""


def _api() -> FastAPI:
    api = FastAPIOffline(
        title="Waymark",
        version="1",
        description=_DESCRIPTION,
        redoc_url=None,
        static_url="/docs-assets",
        middleware=[Middleware(BodyLimit, limit_bytes=LARGEST_BODY_BYTES)],
    )
    for router in (EVENTS, USER_PROGRESS, COURSE_PROGRESS, CHANGES):
        api.include_router(router)
    answer_with_problems(api)
    return api


API_ROUTES = Mount("/api/v1", app=_api())
