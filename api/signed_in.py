"""Who calls the API: the same session as the pages'. Asked before anything of the request's body is read."""

from collections.abc import Callable, Coroutine
from email.message import EmailMessage
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie
from starlette.concurrency import run_in_threadpool

from api.same_origin import is_same_origin
from data.viewer import Viewer
from progress.access import UnknownPerson, viewer_of
from progress.sign_in import SESSION_COOKIE, signed_in_user

_SESSION = APIKeyCookie(name=SESSION_COOKIE, description="The session of the sign-in page.", auto_error=False)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class NotSignedIn(HTTPException):
    def __init__(self) -> None:
        super().__init__(401, "Sign in first: this needs the session that /auth/login opens.")


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
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_signed_in(request: Request) -> Response:
            request.state.viewer = await run_in_threadpool(_viewer, request.cookies.get(SESSION_COOKIE))
            if request.method not in _SAFE_METHODS:
                _check_change(request)
            return await answer(request)

        return answer_signed_in


def current_viewer(request: Request, _: Annotated[str | None, Depends(_SESSION)]) -> Viewer:
    viewer: Viewer = request.state.viewer
    return viewer


SignedIn = Annotated[Viewer, Depends(current_viewer)]


def _viewer(token: str | None) -> Viewer:
    user_id = signed_in_user(token)
    if user_id is None:
        raise NotSignedIn
    try:
        return viewer_of(user_id)
    except UnknownPerson:
        raise NotSignedIn from None


def _check_change(request: Request) -> None:
    if not is_same_origin(request.headers):
        raise FromAnotherSite
    content_type = request.headers.get("content-type", "")
    if _media_type(content_type) != "application/json":
        raise NotJson(content_type)


def _media_type(content_type: str) -> str:
    message = EmailMessage()
    message["Content-Type"] = content_type
    return message.get_content_type()
