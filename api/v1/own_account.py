"""`/me`: the caller's own account: changing the password, and the browsers that are signed in."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, Field

from api.answers.problems import WrongValue, documented
from api.callers.signed_in import SignedIn, SignedInRoute
from progress.people.guesses import TooManyGuesses
from progress.people.own_password import SamePassword, WrongOwnPassword, change_own_password
from progress.people.own_sessions import UnknownSession, end_session, own_sessions
from progress.people.passwords import LONGEST_PASSWORD, REFUSED_PASSWORDS
from progress.people.sign_in import SESSION_COOKIE

OWN_ACCOUNT = APIRouter(route_class=SignedInRoute, tags=["Own account"])


class NewPassword(BaseModel):
    """`new_password` has at least twelve characters and is none of the commonest."""

    old_password: str = Field(max_length=LONGEST_PASSWORD, examples=["correct horse battery"])
    new_password: str = Field(max_length=LONGEST_PASSWORD, examples=["seven green bottles"])


class OwnSession(BaseModel):
    """A browser in which you are signed in. `address` is the network that it signed in from."""

    session_id: str = Field(examples=["3f0c9a4be1d27788"])
    browser: str | None = Field(examples=["Firefox on Linux"])
    address: str | None = Field(examples=["192.0.2.0"])
    created_at: datetime = Field(examples=["2026-03-02T08:01:00Z"])
    last_seen_at: datetime = Field(examples=["2026-03-02T09:14:00Z"])
    is_this: bool = Field(examples=[True])


class OwnSessions(BaseModel):
    sessions: list[OwnSession]


class OnlyInASession(HTTPException):
    def __init__(self) -> None:
        super().__init__(403, "An access token cannot do this. Use the session of someone who is signed in.")


@OWN_ACCOUNT.post(
    "/me/password",
    summary="Change your own password",
    status_code=204,
    responses=documented(400, 401, 403, 413, 415, 422, 429),
)
def change_password(viewer: SignedIn, request: Request, body: NewPassword) -> Response:
    """End every other session and all access tokens of yours too. Asks for a session: no token can do it.

    Wrong old passwords make you wait, as at the sign-in page.
    """
    token = _session_token(request)
    try:
        change_own_password(viewer.user_id, body.old_password, body.new_password, token=token)
    except TooManyGuesses as refused:
        raise HTTPException(429, str(refused), {"Retry-After": str(refused.retry_after_seconds)}) from None
    except WrongOwnPassword as wrong:
        raise WrongValue(("body", "old_password"), str(wrong)) from None
    except (SamePassword, *REFUSED_PASSWORDS) as refused:
        raise WrongValue(("body", "new_password"), str(refused)) from None
    return Response(status_code=204)


@OWN_ACCOUNT.get("/me/sessions", summary="Where you are signed in", responses=documented(401, 403, 429))
def sessions(viewer: SignedIn, request: Request) -> OwnSessions:
    """The browsers in which you are signed in, the one that asks first. Nobody sees anyone else’s."""
    found = own_sessions(viewer, request.cookies.get(SESSION_COOKIE))
    return OwnSessions(sessions=[OwnSession(session_id=each.id, **{**vars(each)}) for each in found])


@OWN_ACCOUNT.delete(
    "/me/sessions/{session_id}",
    summary="Sign out elsewhere",
    status_code=204,
    responses=documented(401, 403, 404, 422, 429),
)
def end(
    viewer: SignedIn,
    request: Request,
    session_id: Annotated[str, Path(pattern="^[0-9a-f]{16}$", examples=["3f0c9a4be1d27788"])],
) -> Response:
    """End one of your own sessions at once. Asks for a session: no token can do it."""
    _session_token(request)
    try:
        end_session(viewer, session_id)
    except UnknownSession as unknown:
        raise HTTPException(404, str(unknown)) from None
    return Response(status_code=204)


def _session_token(request: Request) -> str:
    """The token of this request's session. Raises OnlyInASession if it came with an access token."""
    token = request.cookies.get(SESSION_COOKIE)
    if token is None or "authorization" in request.headers:
        raise OnlyInASession
    return token
