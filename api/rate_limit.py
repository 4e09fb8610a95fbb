"""How many requests a minute are answered: counted here, told in the headers of every answer, refused beyond that.

Counted in this process's memory, per access token, signed-in person or, where neither is known, network address.
"""

import time
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from fastapi import HTTPException
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem
from data.settings import request_limits
from progress.sign_in import SESSION_COOKIE, network_of

POLICIES = ("read", "record", "export")

# As many as wrong passwords from one address. They are counted here and not with those: a forgotten device that tries
# its expired token all day must not keep a school from signing in.
_WRONG_TOKENS = RateLimitItemPerMinute(30, multiples=15)

# Fixed windows: two numbers for each caller, where a moving window would hold a time for each of 30,000 requests.
# The event loop's storage: the other one starts a thread every hundredth of a second while requests come.
_limiter = FixedWindowRateLimiter(MemoryStorage())


@dataclass(frozen=True)
class Standing:
    """How a caller stands with a policy after this request."""

    policy: str
    quota: int
    window_seconds: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """As in the IETF's draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w={self.window_seconds}',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={self.reset_seconds}',
        }


class TooManyRequests(HTTPException):
    def __init__(self, standing: Standing) -> None:
        words = f"These were more than {standing.quota:,} requests of the kind “{standing.policy}” in a minute. "
        words += f"Wait {standing.reset_seconds} seconds, then go on."
        super().__init__(429, words, {"Retry-After": str(standing.reset_seconds)})
        self.standing = standing


class TooManyWrongTokens(HTTPException):
    def __init__(self, retry_after_seconds: int) -> None:
        words = "Too many wrong access tokens came from your address. Put a valid token into the program, then go on."
        super().__init__(429, words, {"Retry-After": str(retry_after_seconds)})
        self.retry_after_seconds = retry_after_seconds


class RateLimit:
    """ASGI middleware for a whole API: outside of everything that can answer, so that every answer says how it stands.

    Whoever brings credentials is counted where these are checked (`count`), the others here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)

        async def send_with_standing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update((await _standing_of(connection)).headers())
            await send(message)

        app = self.app
        if "authorization" not in connection.headers and SESSION_COOKIE not in connection.cookies:
            try:
                await count_stranger(connection)
            except TooManyRequests as refused:
                app = problem(refused.status_code, refused.detail, headers=refused.headers)
        await app(scope, receive, send_with_standing)


async def count(connection: HTTPConnection, policy: str, who: str) -> None:
    """Count this request for its caller. Raises TooManyRequests."""
    is_within, connection.state.standing = await _hit(policy, _policies()[policy], who)
    if not is_within:
        raise TooManyRequests(connection.state.standing)


async def count_stranger(connection: HTTPConnection) -> None:
    """Count this request, unless it is counted already, for the address that it comes from. Raises TooManyRequests."""
    if not hasattr(connection.state, "standing"):
        await count(connection, "anonymous", _network(connection))


async def count_wrong_token(connection: HTTPConnection) -> None:
    """Raises TooManyWrongTokens for the 31st within a quarter of an hour. Right ones are never asked for it."""
    network = _network(connection)
    if not await _limiter.hit(_WRONG_TOKENS, "wrong token", network):
        reset, _ = await _limiter.get_window_stats(_WRONG_TOKENS, "wrong token", network)
        raise TooManyWrongTokens(_seconds_until(reset))


async def _standing_of(connection: HTTPConnection) -> Standing:
    """Also of a caller whom nothing has counted so far: what was asked for exists for nobody, or is for everybody."""
    if not hasattr(connection.state, "standing"):
        _, connection.state.standing = await _hit("anonymous", _policies()["anonymous"], _network(connection))
    standing: Standing = connection.state.standing
    return standing


async def _hit(policy: str, limit: RateLimitItem, who: str) -> tuple[bool, Standing]:
    is_within = await _limiter.hit(limit, policy, who)
    reset_time, remaining = await _limiter.get_window_stats(limit, policy, who)
    return is_within, Standing(policy, limit.amount, limit.get_expiry(), remaining, _seconds_until(reset_time))


def _seconds_until(moment: float) -> int:
    return max(1, ceil(moment - time.time()))


def _network(connection: HTTPConnection) -> str:
    return network_of(connection.client.host if connection.client else "")


@lru_cache(maxsize=1)
def _policies() -> dict[str, RateLimitItem]:
    """A school can sit behind one address, so strangers from there may ask for as much as one person."""
    limits = request_limits()
    numbers = {"read": limits.read, "record": limits.record, "export": limits.export, "anonymous": limits.read}
    return {policy: RateLimitItemPerMinute(number) for policy, number in numbers.items()}
