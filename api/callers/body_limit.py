"""Refuses a request's body beyond a limit before it fills the memory."""

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyTooLarge(HTTPException):
    def __init__(self, limit_bytes: int) -> None:
        super().__init__(413, f"The body is larger than {limit_bytes:,} bytes. Send it in parts.")
        self.limit_bytes = limit_bytes


class BodyLimit:
    """ASGI middleware. Reading the body raises BodyTooLarge, by the announced length or by what then arrives."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self.app = app
        self.limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        arrived_bytes = 0

        async def counted() -> Message:
            nonlocal arrived_bytes
            self._check(int(announced) if announced.isdecimal() else 0)
            message = await receive()
            arrived_bytes += len(message.get("body", b""))
            self._check(arrived_bytes)
            return message

        await self.app(scope, counted, send)

    def _check(self, size_bytes: int) -> None:
        if size_bytes > self.limit_bytes:
            raise BodyTooLarge(self.limit_bytes)
