"""How large the bodies of requests may be: those with attachments larger than all others."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.callers.body_limit import BodyLimit
from api.xapi.multipart import MULTIPART
from progress.xapi.statement.attachments import media_type

LARGEST_BODY_BYTES = 4_000_000
LARGEST_MULTIPART_BYTES = 16_000_000


class BodyLimits:
    """ASGI middleware: the limit of the kind of body that is announced."""

    def __init__(self, app: ASGIApp) -> None:
        self.usual, self.multipart = BodyLimit(app, LARGEST_BODY_BYTES), BodyLimit(app, LARGEST_MULTIPART_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = media_type(Headers(scope=scope).get("content-type", "")) if scope["type"] == "http" else ""
        await (self.multipart if kind == MULTIPART else self.usual)(scope, receive, send)
