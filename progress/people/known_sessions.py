"""Sessions that were open a moment ago, cached so that people can go on reading while the record is unreachable.

Kept in memory by the sessions' hashes. Each answer of the record replaces the cached one, and a session that ends in
this process is forgotten at once. `confirm` checks all of them again, so one that ended elsewhere stays for seconds at
most. Recording is impossible with a cached session, since that needs the record.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from data.settings import settings
from data.troubles import RecordTrouble, troubles_named

SECONDS_KNOWN = 180.0
_MOST = 20_000

_T = TypeVar("_T")


@dataclass(frozen=True)
class _Known:
    who: Any
    user_id: int
    at: float  # by the monotonic clock


_known: dict[tuple[str, str], _Known] = {}


def asked(kind: str, session: str, question: Callable[[], tuple[int, _T] | None]) -> _T | None:
    """The record's answer about a session (its hash); while the record is away, its answer of the last three minutes.

    The question returns a person's id and the answer, or None if the session is not open. `kind` distinguishes
    questions. Raises RecordTrouble if nothing is cached.
    """
    try:
        with troubles_named(settings().database_url):
            found = question()
    except RecordTrouble:
        known = _known.get((kind, session))
        if known is None or time.monotonic() - known.at > SECONDS_KNOWN:
            raise
        return known.who  # type: ignore[no-any-return]
    if found is None:
        forget(session)
        return None
    if len(_known) >= _MOST:
        _known.clear()
    _known[kind, session] = _Known(found[1], found[0], time.monotonic())
    return found[1]


def forget(session: str) -> None:
    for kind, known in list(_known):
        if known == session:
            _known.pop((kind, known), None)


def forget_person(user_id: int) -> None:
    for key, known in list(_known.items()):
        if known.user_id == user_id:
            _known.pop(key, None)


def confirm(is_open: Callable[[str], bool]) -> None:
    """Forget sessions that are no longer open, and those without an answer for three minutes."""
    for key, known in list(_known.items()):
        if time.monotonic() - known.at > SECONDS_KNOWN or not is_open(key[1]):
            _known.pop(key, None)
