"""`/health` and `/ready`, for whatever starts, watches and balances the server: no session, no word about anyone."""

import logging
import time
from typing import Any

from anyio import CapacityLimiter, move_on_after, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.answers.problems import SECONDS_TO_WAIT
from data.mirror import record_trouble
from data.record import current_record
from data.settings import settings
from data.troubles import trouble_of
from data.usable import require_usable
from queries.asking.ask import ask_open

_USABLE = "usable"
_NO_ANSWER = "It does not answer."
_PATIENCE_SECONDS = 5.0
_KEPT_SECONDS = 2.0  # within this time the same answer is given again
_HEADERS = {"Cache-Control": "no-store"}

_log = logging.getLogger(__name__)
_one_at_a_time = CapacityLimiter(1)
_last: tuple[float, dict[str, str]] = (float("-inf"), {})


async def health(_: Request) -> Response:
    """The process answers. Nothing else is asked."""
    return PlainTextResponse("alive", headers=_HEADERS)


async def ready(_: Request) -> Response:
    """Whether the record can be read and written, and the mirror asked: 503 where one cannot, and which."""
    found = {"record": _NO_ANSWER, "mirror": _NO_ANSWER}
    with move_on_after(_PATIENCE_SECONDS):
        found = await to_thread.run_sync(_state, limiter=_one_at_a_time, abandon_on_cancel=True)
    is_ready = set(found.values()) == {_USABLE}
    headers = _HEADERS if is_ready else _HEADERS | {"Retry-After": str(SECONDS_TO_WAIT)}
    return JSONResponse({"ready": is_ready, **found}, status_code=200 if is_ready else 503, headers=headers)


def _state() -> dict[str, str]:
    global _last
    if time.monotonic() - _last[0] > _KEPT_SECONDS:
        found = {"record": _words(_ask_record), "mirror": _words(_ask_mirror)}
        if set(found.values()) != {_USABLE} and found != _last[1]:
            _log.warning("Not ready: %s", found)
        _last = (time.monotonic(), found)
    return _last[1]


def _ask_record() -> None:
    require_usable(current_record())


def _ask_mirror() -> None:
    """The mirror answers, if only from what it took over when the record could last be read."""
    ask_open("select count(*) from course")
    if (trouble := record_trouble()) is not None:
        raise trouble


def _words(question: Any) -> str:
    """What is wrong, in words that give away no address, path or name."""
    try:
        question()
    except Exception as error:
        trouble = trouble_of(error, settings().database_url)
        return trouble.plain if trouble else "It cannot be used; the log says why."
    return _USABLE


HEALTH_ROUTES = (Route("/health", health, methods=["GET"]), Route("/ready", ready, methods=["GET"]))
