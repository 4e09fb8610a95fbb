"""Who calls the API, and what for: by the pages' session or an access token. Asked before a request's body is read."""

import binascii
from base64 import b64decode
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.routing import APIRoute

from api.answers.bodies import Judge, JudgedRequest
from api.answers.problems import documented
from api.callers.host_cookies import cookie_name
from api.callers.look_up import look_up, must_choose_password
from api.callers.paths import PASSWORD
from api.callers.rate_limit import POLICIES, count, count_stranger, count_wrong_token
from api.callers.same_origin import is_same_origin
from data.viewer import Viewer
from progress.audit.reads import note_look
from progress.people.access_tokens import SCOPES, token_bearer
from progress.people.sign_in import SESSION_COOKIE, signed_in_viewer

_WAYS_IN = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": cookie_name(SESSION_COOKIE),
        "description": "The session of the sign-in page.",
    },
    "access_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of the page “Access for programs”.",
    },
}
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_BEARER = 'Bearer realm="Waymark"'
_BASIC = 'Basic realm="Waymark", charset="UTF-8"'


class NotSignedIn(HTTPException):
    """Neither a session nor a token."""

    def __init__(self, *, allow_basic: bool = False) -> None:
        words = "Sign in first: send an access token as “Authorization: Bearer …”, or the session of /auth/login."
        super().__init__(401, words, _challenge(_BEARER, allow_basic))


class WrongToken(NotSignedIn):
    """A token was sent and opens nothing. The answer does not say why."""

    def __init__(self, *, allow_basic: bool = False) -> None:
        super().__init__()
        self.detail = "This access token is not valid. It may be mistyped, expired or revoked: make a new one."
        self.headers = _challenge(f'{_BEARER}, error="invalid_token"', allow_basic)


class MissingScope(HTTPException):
    def __init__(self, scope: str) -> None:
        challenge = f'{_BEARER}, error="insufficient_scope", scope="{scope}"'
        words = f"This access token lacks the scope “{scope}”. Make one that has it."
        super().__init__(403, words, {"WWW-Authenticate": challenge})
        self.scope = scope


class PasswordMustBeChosen(HTTPException):
    """Someone else set the password: until its owner has chosen another one, the session opens nothing."""

    def __init__(self) -> None:
        super().__init__(403, f"Choose a password of your own first, at {PASSWORD}: someone else set the one you have.")


class FromAnotherSite(HTTPException):
    def __init__(self) -> None:
        super().__init__(403, "This request was made by a page of another site.")


class NotJson(HTTPException):
    def __init__(self, content_type: str) -> None:
        super().__init__(415, "Send the body as application/json.")
        self.content_type = content_type


class SignedInRoute(APIRoute):
    """A route that answers only the signed-in, and takes changes only as JSON from this site or from programs.

    Other sites' forms can send neither JSON nor our origin, so they cannot use their visitor's cookie.
    The route's `openapi_extra` may say what its method does not: `x-scope`, the scope that a token needs for it, and
    `x-rate-limit`, the policy by which its requests are counted.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        is_safe = set(options.get("methods") or ["GET"]) <= set(_SAFE_METHODS)
        usual = (
            {"x-scope": "read", "x-rate-limit": "read"} if is_safe else {"x-scope": "record", "x-rate-limit": "record"}
        )
        chosen = usual | (options.get("openapi_extra") or {})
        options["openapi_extra"] = chosen | {"security": [{way: []} for way in _WAYS_IN]}
        options["responses"] = documented(401, 403, 429, 503) | (options.get("responses") or {})
        self.scope, self.policy = chosen["x-scope"], chosen["x-rate-limit"]
        assert self.scope in SCOPES, f"{path} asks for a scope that does not exist: {self.scope}"
        assert self.policy in POLICIES, f"{path} is counted by a policy that does not exist: {self.policy}"
        super().__init__(path, endpoint, **options)
        self.description += f"\n\nAn access token needs the scope `{self.scope}`."

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        body = self.body_field.field_info if self.body_field else None
        judge = Judge(Annotated[body.annotation, body]) if body else None

        async def answer_signed_in(request: Request) -> Response:
            viewer = request.state.viewer = await viewer_of_request(request, self.scope, policy=self.policy)
            if request.method not in (*_SAFE_METHODS, "DELETE"):  # which has no body, and no form can send it
                _check_json(request)
            response = await answer(JudgedRequest(request, judge, viewer.user_id) if judge else request)
            if "user_id" in request.path_params:  # it was answered, so it is somebody's whom the viewer may see
                note_look(viewer, int(request.path_params["user_id"]))
            return response

        return answer_signed_in


async def viewer_of_request(
    request: Request, scope: str, *, allow_basic: bool = False, policy: str | None = None
) -> Viewer:
    """Who makes this request, if they may do what the scope says. A session may do all that its person may.

    Where an Authorization header was sent it alone counts. `allow_basic` takes a token as the password of any user too.
    The request is counted by the policy: `read` or `record` by its method, unless another is given.
    Raises NotSignedIn, WrongToken, MissingScope, TooManyRequests, TooManyWrongTokens; FromAnotherSite for a change that
    a page of another site wants to make.
    """
    counted_by = policy or ("read" if request.method in _SAFE_METHODS else "record")
    authorization = request.headers.get("authorization")
    if authorization is None:
        return await _session_viewer(request, counted_by, allow_basic)
    token = _token(authorization, allow_basic)
    if token is None:
        await count_stranger(request)
        raise NotSignedIn(allow_basic=allow_basic)
    bearer = await look_up(token_bearer, token)
    if bearer is None:
        await count_wrong_token(request)
        raise WrongToken(allow_basic=allow_basic)
    await count(request, counted_by, f"token {bearer.token_id}")
    if scope not in bearer.scopes:
        raise MissingScope(scope)
    return bearer.viewer


async def current_viewer(request: Request) -> Viewer:
    viewer: Viewer = request.state.viewer
    return viewer


def describe_ways_in(api: FastAPI) -> None:
    """Let the document of an API whose routes are all there say how one signs in.

    Its routes ask before anything is read of a body; FastAPI's own dependencies for it would ask a second time.
    """
    api.openapi()["components"]["securitySchemes"] = _WAYS_IN


SignedIn = Annotated[Viewer, Depends(current_viewer)]


async def _session_viewer(request: Request, policy: str, allow_basic: bool) -> Viewer:
    cookie = request.cookies.get(SESSION_COOKIE)
    viewer = await look_up(signed_in_viewer, cookie) if cookie else None
    if viewer is None:
        await count_stranger(request)
        raise PasswordMustBeChosen if await must_choose_password(request) else NotSignedIn(allow_basic=allow_basic)
    await count(request, policy, f"person {viewer.user_id}")
    if request.method not in _SAFE_METHODS and not is_same_origin(request.headers):
        raise FromAnotherSite
    return viewer


def _challenge(bearer: str, allow_basic: bool) -> dict[str, str]:
    return {"WWW-Authenticate": f"{bearer}, {_BASIC}" if allow_basic else bearer}


def _token(authorization: str, allow_basic: bool) -> str | None:
    """The token of an Authorization header; None where it is of a kind that holds none."""
    scheme, _, credentials = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    return _password(credentials.strip()) if scheme.lower() == "basic" and allow_basic else None


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
