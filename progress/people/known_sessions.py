"""Who was signed in a moment ago: for as long as the record cannot be asked, they go on reading.

Kept in memory, by the hashes of sessions. What is heard of a session replaces what was known, and one that ends in this
process is forgotten at once. `confirm` asks again about all of them, so that one that was ended elsewhere is known
for some seconds more at most. Nothing can be recorded with what is known here: that takes the record.
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
    """What the record says of a session (its hash), or what it said of it up to three minutes ago while it is away.

    The question's answer is a person's id and what is returned; None where the session is not open. `kind` tells
    questions apart. Raises RecordTrouble where nothing is known.
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
    """Forget the sessions that are no longer open, and those of which nothing was heard for three minutes."""
    for key, known in list(_known.items()):
        if time.monotonic() - known.at > SECONDS_KNOWN or not is_open(key[1]):
            _known.pop(key, None)
