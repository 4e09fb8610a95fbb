"""Notices between the server's processes: a sign-out, pages that opened, marks that wait to be saved.

A notice is sent at once and not stored. With a single process, nothing is sent.
"""

import logging
import pickle
from collections import defaultdict
from collections.abc import Callable
from typing import Any

Handler = Callable[[Any], None]
Send = Callable[[bytes], None]

_handlers: defaultdict[str, list[Handler]] = defaultdict(list)
_sends: list[Send] = []
_log = logging.getLogger(__name__)


def on_notice(kind: str, handle: Handler) -> None:
    """Call `handle` with other processes' notices of this kind. Handlers run on the event loop, so be quick."""
    _handlers[kind].append(handle)


def notify_others(kind: str, value: object) -> None:
    """Send a notice to every other process, if there is any. Can be called from any thread."""
    if _sends:
        pass_on(pickle.dumps((kind, value)))


def pass_on(notice: bytes, *, but: Send | None = None) -> None:
    """Forward a notice to every connected process except the one that it came from (`but`)."""
    for send in list(_sends):
        if send != but:
            send(notice)


def handle_notice(notice: bytes) -> None:
    """Call the handler of a notice from another process."""
    kind, value = pickle.loads(notice)
    for handle in _handlers[kind]:
        try:
            handle(value)
        except Exception:
            _log.exception("a notice of another process could not be acted on: %s", kind)


def talk_to(send: Send) -> None:
    """Send this process's notices through this function too."""
    _sends.append(send)


def stop_talking_to(send: Send) -> None:
    if send in _sends:
        _sends.remove(send)
