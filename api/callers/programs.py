"""Programs come in beside the pages, past the gate, the sessions and the rules for paths that these need."""

from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

# What answers to programs are sent with, for whoever takes it: a level at which a page of learners costs a millisecond.
COMPRESSION = Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)


class ProgramsBeside:
    """ASGI middleware. These routes, which check for themselves who asks, are answered here; all else is passed on."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self._programs = Router(routes, default=app, redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._programs if scope["type"] == "http" else self.app)(scope, receive, send)
