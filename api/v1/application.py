"""The API for programs, combined from the modules of its resources."""

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Mount

from api.answers.problems import answer_with_problems
from api.callers.allowed_origins import AllowedOrigins
from api.callers.body_limit import BodyLimit
from api.callers.programs import COMPRESSION
from api.callers.rate_limit import RateLimit
from api.callers.signed_in import describe_ways_in
from api.reference.routes import describe
from api.v1.achievements import ACHIEVEMENTS
from api.v1.audit_entries import AUDIT_ENTRIES
from api.v1.changes import CHANGES
from api.v1.class_progress import CLASS_PROGRESS
from api.v1.completion_rules import COMPLETION_RULES
from api.v1.course_progress import COURSE_PROGRESS
from api.v1.events import EVENTS
from api.v1.exports import EXPORTS
from api.v1.next_module import NEXT_MODULE
from api.v1.own_account import OWN_ACCOUNT
from api.v1.user_progress import USER_PROGRESS
from api.v1.user_units import USER_UNITS

LARGEST_BODY_BYTES = 4_000_000

_DESCRIPTION = """Record what learners do, and ask how far they have come.

Programs send an access token as `Authorization: Bearer wm_…`. One is made on the page
[Access for programs](/access_tokens) or by `python -m progress token`. Whoever is signed in at
[/auth/login](/auth/login) needs none. Either way the API shows the same numbers to the same people as the pages do.
What does not exist and what you may not see are answered alike.

Every answer says how many requests are left. `RateLimit-Policy: "read";q=6000;w=60` is the quota and its window in
seconds, `RateLimit: "read";r=5999;t=42` what is left for how many seconds. Up to 1,000 events are one request.

Ids are Waymark's own. Beside each stands the one that your system knows it by, such as `user_external_id`; the export
`module_progress` lists all that you may see with both.

Times are UTC. Errors are problem details (RFC 9457)."""


_READING = (USER_PROGRESS, USER_UNITS, NEXT_MODULE, ACHIEVEMENTS, COURSE_PROGRESS, CLASS_PROGRESS)
_ROUTERS = (EVENTS, *_READING, CHANGES, COMPLETION_RULES, EXPORTS, OWN_ACCOUNT, AUDIT_ENTRIES)


def _api() -> FastAPI:
    api = FastAPI(
        title="Waymark",
        version="1",
        description=_DESCRIPTION,
        redoc_url=None,
        docs_url=None,
        openapi_url=None,
        generate_unique_id_function=lambda route: route.name,
        middleware=[Middleware(BodyLimit, limit_bytes=LARGEST_BODY_BYTES)],
    )
    for router in _ROUTERS:
        api.include_router(router)
    answer_with_problems(api)
    describe_ways_in(api)
    describe(api, "/api/v1")
    return api


API = _api()
API_ROUTES = Mount("/api/v1", app=API, middleware=[Middleware(AllowedOrigins), COMPRESSION, Middleware(RateLimit)])
