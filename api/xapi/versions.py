"""The version header: asked for in requests, and in every answer whatever it is."""

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VERSION = "1.0.3"
VERSION_HEADER = "X-Experience-API-Version"
_SUPPORTED = "1.0"


class WrongVersion(HTTPException):
    def __init__(self, version: str | None) -> None:
        said = "No version was sent" if version is None else "This version is not spoken here"
        super().__init__(400, f"{said}. Send the header “{VERSION_HEADER}: {VERSION}”.")
        self.version = version


class VersionHeader:
    """ASGI middleware that says in every answer which version is spoken."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[VERSION_HEADER] = VERSION
            await send(message)

        await self.app(scope, receive, send_with_version)


def check_version(headers: Headers) -> None:
    """Raises WrongVersion unless the request speaks 1.0 in any of its revisions."""
    version = headers.get(VERSION_HEADER)
    if version is None or not (version == _SUPPORTED or version.startswith(f"{_SUPPORTED}.")):
        raise WrongVersion(version)
