"""What every answer tells the browser not to do: guess types, run foreign scripts, show us in a frame, pass us on."""

import re
from base64 import b64encode
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.settings import settings

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# Two years, as lists of sites that browsers never open without HTTPS ask for. Other hosts of the domain are not ours.
_HTTPS_ALONE = {"Strict-Transport-Security": "max-age=63072000"}

# Streamlit draws with inline styles, data: pictures and blob: workers. It runs no script but its files, what is allowed
# by its hash, and blobs, which only a script that runs already can make: it loads the code of components so.
# Lectures may be videos of other sites, but over https alone.
_PAGE = (
    "default-src 'self'; script-src 'self' blob: {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; media-src 'self' https:; "
    "object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_OWN_FRAME = "frame-ancestors 'self'"  # a custom component is a frame within our own page

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

_PERSONAL = ("/media/", "/api/", "/xapi/")


class SecurityHeaders:
    """ASGI middleware. A header that the answer sets itself stays as it is.

    `page` is the HTML into which Streamlit draws: the scripts that stand in it are the only inline ones that may run.
    """

    def __init__(self, app: ASGIApp, page: str) -> None:
        self.app = app
        self._policy = _PAGE.format(scripts=" ".join(map(_hashed, _INLINE_SCRIPT.findall(page))))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = self._headers_for(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _headers_for(self, path: str) -> dict[str, str]:
        is_framed = path.startswith("/component/")
        framing = {
            "Content-Security-Policy": _OWN_FRAME if is_framed else self._policy,
            "X-Frame-Options": "SAMEORIGIN" if is_framed else "DENY",
        }
        storing = {"Cache-Control": "private, no-store"} if path.startswith(_PERSONAL) else {}
        transport = _HTTPS_ALONE if settings().secure_cookies else {}
        return _ALWAYS | framing | storing | transport


def _hashed(script: str) -> str:
    """An inline script as `script-src` takes it."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
