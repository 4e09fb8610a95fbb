"""What one process of the server has to tell the others: a sign-out, pages that opened, marks that wait to be saved.

A notice is sent at once and not kept. With a single process there is nobody to tell.
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
    """Call `handle` with what another process says under this name. Handlers run on the event loop and return soon."""
    _handlers[kind].append(handle)


def notify_others(kind: str, value: object) -> None:
    """Tell every other process. From any thread; does nothing where there is no other."""
    if _sends:
        pass_on(pickle.dumps((kind, value)))


def pass_on(notice: bytes, *, but: Send | None = None) -> None:
    """Send a notice to every process that this one talks to, `but` the one that it came from."""
    for send in list(_sends):
        if send != but:
            send(notice)


def handle_notice(notice: bytes) -> None:
    """Act on what another process said."""
    kind, value = pickle.loads(notice)
    for handle in _handlers[kind]:
        try:
            handle(value)
        except Exception:
            _log.exception("a notice of another process could not be acted on: %s", kind)


def talk_to(send: Send) -> None:
    """From now on, notices of this process go to another one by this function too."""
    _sends.append(send)


def stop_talking_to(send: Send) -> None:
    if send in _sends:
        _sends.remove(send)
