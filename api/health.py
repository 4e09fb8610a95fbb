"""`/health` and `/ready`, for whatever starts, watches and balances the server: no session, no word about anyone."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_HEADERS = {"Cache-Control": "no-store"}


async def health(_: Request) -> Response:
    """The process answers. Nothing else is asked."""
    return PlainTextResponse("alive", headers=_HEADERS)


HEALTH_ROUTES = (Route("/health", health, methods=["GET"]),)
