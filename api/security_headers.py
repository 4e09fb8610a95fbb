"""What every answer tells the browser not to do: guess types, show us in a frame, or pass our addresses on."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Streamlit's page needs inline styles and scripts, so its policy limits what surrounds the page, not what is in it.
# Lectures may be videos of other sites, but over https alone.
_NO_FRAME = "base-uri 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; media-src 'self' https:"
_OWN_FRAME = "frame-ancestors 'self'"  # a custom component is a frame within our own page

_PERSONAL = ("/media/", "/api/", "/xapi/")


class SecurityHeaders:
    """ASGI middleware. A header that the answer sets itself stays as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = headers_for(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def headers_for(path: str) -> dict[str, str]:
    is_framed = path.startswith("/component/")
    framing = {
        "Content-Security-Policy": _OWN_FRAME if is_framed else _NO_FRAME,
        "X-Frame-Options": "SAMEORIGIN" if is_framed else "DENY",
    }
    storing = {"Cache-Control": "private, no-store"} if path.startswith(_PERSONAL) else {}
    return _ALWAYS | framing | storing
