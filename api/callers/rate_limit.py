"""How many requests a minute are answered: counted here, stated in the headers of every answer, refused beyond that.

Counted in this process's memory, per access token, signed-in person or, where neither is known, network address.
"""

from dataclasses import dataclass
from functools import lru_cache

from fastapi import HTTPException
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers.problems import problem
from api.callers.windows import Windows
from data.settings import request_limits
from progress.people.sign_in import SESSION_COOKIE, network_of

POLICIES = ("read", "record", "export")

_WINDOW_SECONDS = 60

# They are counted here and not with wrong passwords: a forgotten device that tries its expired token all day must not
# keep a school from signing in.
_WRONG_TOKENS, _WRONG_TOKENS_SECONDS = 30, 900

_windows = Windows()


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

    Callers with credentials are counted where these are checked (`count`), the others here.
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
    is_within, connection.state.standing = _counted(policy, who)
    if not is_within:
        raise TooManyRequests(connection.state.standing)


async def count_stranger(connection: HTTPConnection) -> None:
    """Count this request, unless it is counted already, for the address that it comes from. Raises TooManyRequests."""
    if not hasattr(connection.state, "standing"):
        await count(connection, "anonymous", _network(connection))


async def count_wrong_token(connection: HTTPConnection) -> None:
    """Raises TooManyWrongTokens for the 31st within a quarter of an hour. Right ones are never asked for it."""
    count = _windows.count("wrong token", _network(connection), _WRONG_TOKENS, _WRONG_TOKENS_SECONDS)
    if not count.is_within:
        raise TooManyWrongTokens(count.reset_seconds)


async def _standing_of(connection: HTTPConnection) -> Standing:
    """Also of a caller whom nothing has counted so far: what was asked for exists for nobody, or is for everybody."""
    if not hasattr(connection.state, "standing"):
        _, connection.state.standing = _counted("anonymous", _network(connection))
    standing: Standing = connection.state.standing
    return standing


def _counted(policy: str, who: str) -> tuple[bool, Standing]:
    quota = _quotas()[policy]
    count = _windows.count(policy, who, quota, _WINDOW_SECONDS)
    return count.is_within, Standing(policy, quota, _WINDOW_SECONDS, count.remaining, count.reset_seconds)


def _network(connection: HTTPConnection) -> str:
    return network_of(connection.client.host if connection.client else "")


@lru_cache(maxsize=1)
def _quotas() -> dict[str, int]:
    """A school can sit behind one address, so strangers from there may ask for as much as one person."""
    limits = request_limits()
    return {"read": limits.read, "record": limits.record, "export": limits.export, "anonymous": limits.read}
