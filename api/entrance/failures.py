"""What is answered when something fails: 503 while the record is in trouble, else 500; the connection stays whole."""

import logging

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers.problems import SECONDS_TO_WAIT, unavailable
from api.entrance.html_forms import plain_page
from data.settings import settings
from data.troubles import RecordTrouble, trouble_of
from data.usable import met_trouble

_log = logging.getLogger(__name__)


class Failures:
    """ASGI middleware around everything. Frameworks raise an error again after they have answered it, and the server
    then closes the connection without having said so; whoever asks over it next gets no answer. So what was answered
    in full ends here. An answer that broke off in the middle goes on to the server, which cuts the connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = ""

        async def send_on(message: Message) -> None:
            nonlocal sent
            is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
            sent = "all" if is_last else "some"
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception as error:
            if sent == "some":
                raise
            if not sent:
                await _answer(Request(scope), error)(scope, receive, send)


def _answer(request: Request, error: Exception) -> Response:
    trouble = trouble_of(error, settings().database_url)
    if trouble is None:
        _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return plain_page(request, "failed.html", {}, 500)
    _log.warning("%s %s: %s", request.method, request.url.path, trouble)
    met_trouble(trouble, settings().database_url)
    return _unavailable(request, trouble)


def _unavailable(request: Request, trouble: RecordTrouble) -> Response:
    if request.url.path.startswith(("/api/", "/xapi/")):
        return unavailable(request, trouble)
    response = plain_page(request, "unavailable.html", {"words": trouble.plain}, 503)
    response.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    return response
