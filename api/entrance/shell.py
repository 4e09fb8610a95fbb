"""The page into which Streamlit draws, made ours: its name, the look of the focus, and words for a lost connection."""

import re
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NO_SUCH_PAGE = "/page_not_found"  # an address at which no page is, where the menu and the words for it stand

_ASSETS = Path(__file__).parent / "assets"
_NOT_PAGES = ("/auth/", "/component/")
_NO_SCRIPT = "<noscript><p>Waymark needs JavaScript. Allow it in your browser and reload this page.</p></noscript>"

# Browsers would keep Streamlit's page and show it from memory after “Back”, to anyone at that browser.
_OF_THE_FILE = ("content-length", "content-encoding", "etag", "last-modified")
_IF_CHANGED = (b"if-none-match", b"if-modified-since")


def shell(index: str) -> bytes:
    """Streamlit's own index page with our title, style and script, the last of which must run before Streamlit's."""
    named = index.replace("<title>Streamlit</title>", "<title>Waymark</title>")
    plain = re.sub(r"<noscript>.*?</noscript>", _NO_SCRIPT, named, flags=re.DOTALL)
    without_agents = re.sub(r"<link rel=\"service-desc\"[^>]*>", "", plain)
    ours = (
        f'<link rel="stylesheet" href="{_address("pages.css")}"><script src="{_address("pages.js")}"></script></head>'
    )
    return without_agents.replace("</head>", ours, 1).encode()


class Shell:
    """ASGI middleware: answers with our page wherever Streamlit would answer with its index page."""

    def __init__(self, app: ASGIApp, index: str) -> None:
        self.app = app
        self._page = shell(index)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_NOT_PAGES):
            await self.app(scope, receive, send)
        else:
            await self.app(_asked_anew(scope), receive, _Answer(self._page, scope, receive, send).send)


class _Answer:
    """One answer on its way: passed on as it is, or replaced where it is a page."""

    def __init__(self, page: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        self._page = page
        self._scope, self._receive, self._send = scope, receive, send
        self._is_page = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._is_page = True
            await self._answer(message)
        elif not self._is_page:
            await self._send(message)

    async def _answer(self, start: Message) -> None:
        if "/" in self._scope["path"].strip("/"):
            # No page of ours has such an address, and Streamlit's code would look for its server below it, in vain.
            await RedirectResponse(NO_SUCH_PAGE, 303)(self._scope, self._receive, self._send)
            return
        headers = MutableHeaders(scope=start)
        for name in _OF_THE_FILE:
            del headers[name]
        headers["Cache-Control"] = "no-store"
        headers["Content-Length"] = str(len(self._page))
        await self._send(start)
        body = b"" if self._scope["method"] == "HEAD" else self._page
        await self._send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    return start["status"] == 200 and Headers(scope=start).get("content-type", "").startswith("text/html")


def _asked_anew(scope: Scope) -> Scope:
    """The request without what a browser remembers of a page, unless it is for one of Streamlit's files."""
    if scope["path"].startswith("/static/"):
        return scope
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in _IF_CHANGED]}


def _address(asset: str) -> str:
    """With a mark of what is in the file, so that browsers load it anew after each change and only then."""
    mark = sha256((_ASSETS / asset).read_bytes()).hexdigest()[:12]
    return f"/auth/assets/{asset}?v={mark}"
