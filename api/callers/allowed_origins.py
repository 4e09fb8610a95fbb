"""Pages of other sites that the school allows to ask the API and xAPI from a browser (CORS); none unless it is set.

They send access tokens. Cookies are never allowed along: those are for pages of this site alone.
"""

from functools import lru_cache

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from data.settings import allowed_origins

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
_SENT = (
    "Authorization", "Content-Type", "If-Match", "If-None-Match", "If-Modified-Since", "X-Experience-API-Version",
)  # fmt: skip
_READ = (
    "ETag", "Last-Modified", "Link", "Retry-After", "RateLimit", "RateLimit-Policy", "WWW-Authenticate",
    "X-Experience-API-Version", "X-Experience-API-Consistent-Through", "X-Waymark-Passed-Over",
)  # fmt: skip
_SECONDS_A_PREFLIGHT_HOLDS = 600


class AllowedOrigins:
    """ASGI middleware that answers preflights of allowed origins and lets their pages read the answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._with_origins = lru_cache(maxsize=2)(self._allowing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origins = allowed_origins()
        await (self._with_origins(origins) if origins else self.app)(scope, receive, send)

    def _allowing(self, origins: tuple[str, ...]) -> ASGIApp:
        return CORSMiddleware(
            self.app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_SENT,
            expose_headers=_READ,
            max_age=_SECONDS_A_PREFLIGHT_HOLDS,
        )
