"""The gate before every page: without a valid session nothing of Streamlit is reached but its public files.

What a signed-in person may see is decided in `progress.people.access`; how they sign in, in `sign_in_pages`.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.callers.look_up import is_signed_in, look_up, must_choose_password, who_is_signed_in
from api.callers.paths import SIGN_IN, password_path, sign_in_path
from api.callers.same_origin import is_same_origin
from api.entrance.open_pages import CROWDED, TooManyPages, page_place
from api.entrance.open_streams import open_stream
from progress.people.sign_in import SESSION_COOKIE, network_of, signed_in_viewer, token_mark

STREAM = "/_stcore/stream"
SIGN_IN_AGAIN = f"{SIGN_IN}?ended"

# Signing in itself, and what browsers load before anyone is known.
_PUBLIC = ("/auth/", "/static/")
_PUBLIC_FILES = frozenset({"/_stcore/health", "/favicon.png", "/manifest.json"})

# Streamlit's own routes that its pages use, for everyone who is signed in. The others (metrics, agents, script
# checks, its own sign-in) are closed to everyone, and so is whatever a later release adds.
_MEDIA = "/media/"
_INNER = (_MEDIA, "/component/", "/app/", "/oauth2callback")
_UPLOADS = "/_stcore/upload_file/"
_USED = ("/_stcore/host-config", _UPLOADS, "/_stcore/bidi-components/", _MEDIA, "/component/")

# Carries the mark of the sign-in to Streamlit, which keeps it with the session (`.streamlit/config.toml`).
_SIGN_IN_HEADER = b"x-waymark-sign-in"

_POLICY_VIOLATION = 1008
_TRY_AGAIN_LATER = 1013

Holds = Callable[[str, str], bool]


class Gate:
    """ASGI middleware. `leading_to` makes the message that sends an open page's browser to another address.

    `holds_file` and `holds_session` answer whether a sign-in, by its mark, opened the page that made a file (by its
    name) or takes an upload (by its Streamlit session).
    """

    def __init__(
        self, app: ASGIApp, leading_to: Callable[[str], bytes], holds_file: Holds, holds_session: Holds
    ) -> None:
        self.app = app
        self.farewell = leading_to(SIGN_IN_AGAIN)
        self.no_place = leading_to(CROWDED)
        self._holds_file = holds_file
        self._holds_session = holds_session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            refusal = await _refusal(HTTPConnection(scope), self._holds)
            await (refusal or self.app)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._stream(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        is_ours = scope["path"] == STREAM and is_same_origin(connection.headers)
        person = await who_is_signed_in(connection) if is_ours else None
        if person is None:
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        try:
            token = connection.cookies[SESSION_COOKIE]
            address = network_of(connection.client.host if connection.client else "")
            guarded = _GuardedStream(receive, send, lambda: is_signed_in(connection), self.farewell)
            with page_place(person, token_mark(token), address), open_stream(token, guarded.end):
                await self.app(_handed_on(scope, token), guarded.receive, guarded.send)
        except TooManyPages:
            await self._turn_away(connection, send)

    async def _turn_away(self, connection: HTTPConnection, send: Send) -> None:
        """Accept the page in order to explain: browsers show nobody the body of a refused handshake."""
        spoken = connection.headers.get("sec-websocket-protocol", "").split(",")[0].strip() or None
        await send({"type": "websocket.accept", "subprotocol": spoken})
        await send({"type": "websocket.send", "bytes": self.no_place})
        await send({"type": "websocket.close", "code": _TRY_AGAIN_LATER, "reason": "too many pages are open"})

    def _holds(self, token: str, path: str) -> bool:
        """Whether what lies at the path of a file or an upload belongs to the sign-in with this token."""
        mark = token_mark(token)
        if path.startswith(_UPLOADS):
            return self._holds_session(mark, path.removeprefix(_UPLOADS).partition("/")[0])
        return self._holds_file(mark, path.removeprefix(_MEDIA))


class _GuardedStream:
    """A page's open connection. Whatever its browser sends is passed on only while the session still stands."""

    def __init__(
        self, receive: Receive, send: Send, is_signed_in: Callable[[], Awaitable[bool]], farewell: bytes
    ) -> None:
        self._receive = receive
        self._send = send
        self._is_signed_in = is_signed_in
        self._farewell = farewell
        self._is_closed = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] != "websocket.receive" or await self._is_signed_in():
            return message
        await self.end()
        return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}

    async def end(self) -> None:
        """Send the page's browser to the sign-in page, and close the connection."""
        if not self._is_closed:
            self._is_closed = True
            await self._send({"type": "websocket.send", "bytes": self._farewell})
            await self._send({"type": "websocket.close", "code": _POLICY_VIOLATION})

    async def send(self, message: Message) -> None:
        if not self._is_closed:
            await self._send(message)


def _handed_on(scope: Scope, token: str) -> Scope:
    """The connection with the mark of its sign-in, whatever it claims itself, and in a Streamlit session of its own.

    The session that it wants to resume is the third of its subprotocols, and is left out.

    Streamlit would hand out that session's state to the person signed in by then. What someone has chosen or typed on
    a page is not lost: their browser sends it along when it connects again.
    """
    headers = [
        (name, b",".join(value.split(b",")[:2]) if name == b"sec-websocket-protocol" else value)
        for name, value in scope["headers"]
        if name != _SIGN_IN_HEADER
    ]
    return {**scope, "headers": [*headers, (_SIGN_IN_HEADER, token_mark(token).encode())]}


async def _refusal(connection: HTTPConnection, holds: Holds) -> Response | None:
    """What someone gets instead of what they asked for; None when they may have it."""
    path = connection.scope["path"]
    if path in _PUBLIC_FILES or path.startswith(_PUBLIC):
        return None
    is_inner = "/_stcore/" in path or path.startswith(_INNER)
    if is_inner and not path.startswith(_USED):
        return PlainTextResponse("There is nothing here.", 404)
    if await is_signed_in(connection):
        return None if await _is_theirs(connection, path, holds) else PlainTextResponse("There is nothing here.", 404)
    is_page = not is_inner and connection.scope["method"] in ("GET", "HEAD")
    return RedirectResponse(await _way_in(connection), 303) if is_page else PlainTextResponse("Sign in first.", 401)


async def _way_in(connection: HTTPConnection) -> str:
    path, query = quote(connection.scope["path"]), connection.scope["query_string"].decode("latin-1")
    wanted = f"{path}?{query}" if query else path
    return password_path(wanted) if await must_choose_password(connection) else sign_in_path(wanted)


async def _is_theirs(connection: HTTPConnection, path: str, holds: Holds) -> bool:
    """Whether what a page made or takes belongs to this sign-in; everything else does not depend on who asks."""
    if not path.startswith((_MEDIA, _UPLOADS)):
        return True
    is_open = holds(connection.cookies[SESSION_COOKIE], path)
    return is_open and (path.startswith(_MEDIA) or await _may_upload(connection))


async def _may_upload(connection: HTTPConnection) -> bool:
    """Only administrators have a page with something to upload."""
    token = connection.cookies.get(SESSION_COOKIE)
    viewer = await look_up(signed_in_viewer, token) if token else None
    return viewer is not None and viewer.sees_everyone
