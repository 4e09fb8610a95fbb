"""The open connections of pages, by the session that each belongs to: they end as soon as the session does.

A sign-out ends them at once, in every process of the server. What else ends a session (another server, a new password,
a closed account, an hour without use) is noticed by looking now and then; looking is no use of the session.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from api.callers.look_up import look_up
from data.notices import notify_others, on_notice
from progress.people.known_sessions import forget
from progress.people.sign_in import session_hash, signed_in_user

SECONDS_BETWEEN_LOOKS = 15.0

End = Callable[[], Awaitable[None]]

_log = logging.getLogger(__name__)
_SIGNED_OUT = "signed out"
_streams: defaultdict[str, set[End]] = defaultdict(set)
_ending: set[asyncio.Task[None]] = set()


@contextmanager
def open_stream(token: str, end: End) -> Iterator[None]:
    """While this lasts, `end` is called once the session with this token is over."""
    _streams[token].add(end)
    try:
        yield
    finally:
        _streams[token].discard(end)
        if not _streams[token]:
            del _streams[token]


async def end_streams(token: str) -> None:
    """Close every page of the session with this token, in every process: it is over."""
    notify_others(_SIGNED_OUT, token)
    await _end_streams_here(token)


async def _end_streams_here(token: str) -> None:
    for end in list(_streams.get(token, ())):
        with suppress(Exception):  # those that left by themselves need not be closed
            await end()


@asynccontextmanager
async def ending_streams(seconds_between: float = SECONDS_BETWEEN_LOOKS) -> AsyncIterator[None]:
    """While this lasts, pages whose session is over are closed within some seconds."""
    looking = asyncio.create_task(_look_now_and_then(seconds_between))
    try:
        yield
    finally:
        looking.cancel()


async def _look_now_and_then(seconds_between: float) -> None:
    while True:
        await asyncio.sleep(seconds_between)
        try:
            for token in list(_streams):
                if await look_up(_is_over, token):
                    await _end_streams_here(token)
                await asyncio.sleep(0)  # others have their turn between two looks
        except Exception:  # the record may be away for a moment; the next look makes up for this one
            _log.exception("open pages could not be looked at")


def _end_as_told(token: str) -> None:
    forget(session_hash(token))
    task = asyncio.create_task(_end_streams_here(token))
    _ending.add(task)
    task.add_done_callback(_ending.discard)


on_notice(_SIGNED_OUT, _end_as_told)


def _is_over(token: str) -> bool:
    return signed_in_user(token, is_use=False) is None
