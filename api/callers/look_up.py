"""Whose a session or a token is, asked for from the event loop."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import HTTPConnection

from progress.people.sign_in import SESSION_COOKIE, is_found_at_once, signed_in_user, user_with_set_password

_T = TypeVar("_T")
_PLACES_TO_ASK = CapacityLimiter(16)


async def look_up(question: Callable[[str], _T], token: str) -> _T:
    """The answer, asked for in a thread unless it is there sooner than a thread would have the question."""
    if is_found_at_once():
        return question(token)
    return await to_thread.run_sync(question, token, limiter=_PLACES_TO_ASK)


async def who_is_signed_in(connection: HTTPConnection) -> int | None:
    """The person whose open session it comes with."""
    token = connection.cookies.get(SESSION_COOKIE)
    return None if token is None else await look_up(signed_in_user, token)


async def is_signed_in(connection: HTTPConnection) -> bool:
    """Whether it comes with an open session."""
    return await who_is_signed_in(connection) is not None


async def must_choose_password(connection: HTTPConnection) -> bool:
    """Whether its session opens nothing until its person has chosen a password of their own."""
    token = connection.cookies.get(SESSION_COOKIE)
    return token is not None and await look_up(user_with_set_password, token) is not None
