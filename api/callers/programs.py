"""Routes for programs bypass Streamlit's gate and sessions."""

from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

# Compresses answers for callers who accept it, at a level at which a page of learners costs a millisecond.
COMPRESSION = Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)


class ProgramsBeside:
    """ASGI middleware. These routes, which check for themselves who asks, are answered here; all else is passed on."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self._programs = Router(routes, default=app, redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._programs if scope["type"] == "http" else self.app)(scope, receive, send)
