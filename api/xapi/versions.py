"""The headers that every answer has, whatever it is: the version, which requests name too, and Consistent-Through."""

from datetime import datetime

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from progress.xapi.record.consistency import stored_through

VERSION = "1.0.3"
VERSION_HEADER = "X-Experience-API-Version"
_SUPPORTED = "1.0"
_CONSISTENT = "X-Experience-API-Consistent-Through"


class WrongVersion(HTTPException):
    def __init__(self, version: str | None) -> None:
        said = "No version was sent" if version is None else "This version is not spoken here"
        super().__init__(400, f"{said}. Send the header “{VERSION_HEADER}: {VERSION}”.")
        self.version = version


class AnswerHeaders:
    """ASGI middleware that says in every answer which version is spoken, and until when statements can be found."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.setdefault("state", {})

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[VERSION_HEADER] = VERSION
                if _CONSISTENT not in headers:
                    through = await run_in_threadpool(stored_through, state.get("viewer"))
                    headers.update(consistent_through(through))
            await send(message)

        await self.app(scope, receive, send_with_headers)


def consistent_through(moment: datetime) -> dict[str, str]:
    return {_CONSISTENT: moment.isoformat().replace("+00:00", "Z")}


def check_version(headers: Headers) -> None:
    """Raises WrongVersion unless the request speaks 1.0 in any of its revisions."""
    version = headers.get(VERSION_HEADER)
    if version is None or not (version == _SUPPORTED or version.startswith(f"{_SUPPORTED}.")):
        raise WrongVersion(version)
