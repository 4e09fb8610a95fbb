"""Who calls the API, and what for: by the pages' session or an access token. Asked before a request's body is read."""

import binascii
from base64 import b64decode
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.concurrency import run_in_threadpool

from api.same_origin import is_same_origin
from data.viewer import Viewer
from progress.access_tokens import SCOPES, token_bearer
from progress.sign_in import SESSION_COOKIE, signed_in_viewer

_SESSION = APIKeyCookie(
    name=SESSION_COOKIE, scheme_name="session", description="The session of the sign-in page.", auto_error=False
)
_TOKEN = HTTPBearer(
    scheme_name="access_token", description="A token of the page “Access for programs”.", auto_error=False
)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_BEARER = 'Bearer realm="Waymark"'
_BASIC = 'Basic realm="Waymark", charset="UTF-8"'


class NotSignedIn(HTTPException):
    """Neither a session nor a token."""

    def __init__(self, *, allow_basic: bool = False) -> None:
        words = "Sign in first: send an access token as “Authorization: Bearer …”, or the session of /auth/login."
        super().__init__(401, words, {"WWW-Authenticate": f"{_BEARER}, {_BASIC}" if allow_basic else _BEARER})


class WrongToken(NotSignedIn):
    """A token was sent, and opens nothing: people are not told why."""

    def __init__(self) -> None:
        super().__init__()
        self.detail = "This access token is not valid. It may be mistyped, expired or revoked: make a new one."
        self.headers = {"WWW-Authenticate": f'{_BEARER}, error="invalid_token"'}


class MissingScope(HTTPException):
    def __init__(self, scope: str) -> None:
        challenge = f'{_BEARER}, error="insufficient_scope", scope="{scope}"'
        words = f"This access token lacks the scope “{scope}”. Make one that has it."
        super().__init__(403, words, {"WWW-Authenticate": challenge})
        self.scope = scope


class FromAnotherSite(HTTPException):
    def __init__(self) -> None:
        super().__init__(403, "This request was made by a page of another site.")


class NotJson(HTTPException):
    def __init__(self, content_type: str) -> None:
        super().__init__(415, "Send the body as application/json.")
        self.content_type = content_type


class SignedInRoute(APIRoute):
    """A route that answers only the signed-in, and takes changes only as JSON from this site or from programs.

    Other sites' forms can send neither JSON nor our origin, so they cannot use the cookie of whoever looks at them.
    A token must have the scope that stands in the route's `x-scope`: `read` or `record`, by its method, unless the
    route's `openapi_extra` says otherwise.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        scope = self._scope()

        async def answer_signed_in(request: Request) -> Response:
            request.state.viewer = await viewer_of_request(request, scope)
            if request.method not in _SAFE_METHODS:
                _check_json(request)
            return await answer(request)

        return answer_signed_in

    def _scope(self) -> str:
        usual = "read" if self.methods and self.methods <= set(_SAFE_METHODS) else "record"
        scope: str = (self.openapi_extra or {}).get("x-scope", usual)
        assert scope in SCOPES, f"{self.path} asks for a scope that does not exist: {scope}"
        return scope


async def viewer_of_request(request: Request, scope: str, *, allow_basic: bool = False) -> Viewer:
    """Who makes this request, if they may do what the scope says. A session may do all that its person may.

    Where an Authorization header was sent it alone counts. `allow_basic` takes a token as the password of any user too.
    Raises NotSignedIn, WrongToken, MissingScope; FromAnotherSite for a change that another site's page wants to make.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return await run_in_threadpool(_bearer, _token(authorization, allow_basic), scope)
    cookie = request.cookies.get(SESSION_COOKIE)
    viewer = await run_in_threadpool(signed_in_viewer, cookie) if cookie else None
    if viewer is None:
        raise NotSignedIn(allow_basic=allow_basic)
    if request.method not in _SAFE_METHODS and not is_same_origin(request.headers):
        raise FromAnotherSite
    return viewer


async def current_viewer(
    request: Request, _: Annotated[str | None, Depends(_SESSION)], __: Annotated[Any, Depends(_TOKEN)]
) -> Viewer:
    viewer: Viewer = request.state.viewer
    return viewer


SignedIn = Annotated[Viewer, Depends(current_viewer)]


def _bearer(token: str, scope: str) -> Viewer:
    bearer = token_bearer(token)
    if bearer is None:
        raise WrongToken
    if scope not in bearer.scopes:
        raise MissingScope(scope)
    return bearer.viewer


def _token(authorization: str, allow_basic: bool) -> str:
    """The token of an Authorization header. Raises NotSignedIn for one that holds none."""
    scheme, _, credentials = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic" and allow_basic:
        return _password(credentials.strip())
    raise NotSignedIn(allow_basic=allow_basic)


def _password(credentials: str) -> str:
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _check_json(request: Request) -> None:
    content_type = request.headers.get("content-type", "")
    if _media_type(content_type) != "application/json":
        raise NotJson(content_type)


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
