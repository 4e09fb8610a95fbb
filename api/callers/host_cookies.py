"""With HTTPS on, Waymark's cookies bear `__Host-` in browsers: no other site of the same domain can set or shadow one.

Everything behind this middleware knows them by their short names, with HTTPS and without.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.settings import settings

_OURS = b"waymark_"
_PREFIX = b"__Host-"


class HostCookies:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not settings().secure_cookies:
            await self.app(scope, receive, send)
            return

        async def send_prefixed(message: Message) -> None:
            if "headers" in message:
                message["headers"] = [(name, _sent(name, value)) for name, value in message["headers"]]
            await send(message)

        received = [(name, _received(name, value)) for name, value in scope["headers"]]
        await self.app({**scope, "headers": received}, receive, send_prefixed)


def cookie_name(name: str) -> str:
    """What a cookie of ours is called in the browser."""
    return f"{_PREFIX.decode()}{name}" if settings().secure_cookies else name


def _sent(name: bytes, value: bytes) -> bytes:
    return _PREFIX + value if name.lower() == b"set-cookie" and value.startswith(_OURS) else value


def _received(name: bytes, value: bytes) -> bytes:
    """Cookies of ours without the prefix are left out: another site of the domain may have set them."""
    if name.lower() != b"cookie":
        return value
    cookies = [cookie.strip() for cookie in value.split(b";")]
    return b"; ".join(cookie.removeprefix(_PREFIX) for cookie in cookies if not cookie.startswith(_OURS))
