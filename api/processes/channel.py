"""The line between two processes of the server: messages, each with an open connection if it hands one over.

A socket pair that only these two hold, so whatever arrives comes from the server itself.
"""

import asyncio
import logging
import pickle
import socket
from collections.abc import Callable
from typing import NamedTuple

_LARGEST_MESSAGE = 400_000  # bytes, as much as Linux takes: a request's head and the beginning of its body
_SECONDS_TO_TRY_AGAIN = 0.05
_MOST_TRIES = 200

_log = logging.getLogger(__name__)


class Handover(NamedTuple):
    """A connection that another process goes on with: what has arrived of its request, and who looked at it so far."""

    arrived: bytes
    seen_by: tuple[int, ...]


Message = Handover | bytes | str  # a handover, a notice (`data.notices`), or a word such as “ready”


def pair() -> tuple[socket.socket, socket.socket]:
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LARGEST_MESSAGE)
        end.setblocking(False)
    return ends


class Channel:
    """One end. `receive` is called on the event loop with each message and its connection, `ended` after the last."""

    def __init__(
        self, end: socket.socket, receive: Callable[[Message, socket.socket | None], None], ended: Callable[[], None]
    ) -> None:
        self._end = end
        self._receive = receive
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(end.fileno(), self._read)

    def hand_over(self, connection: int, handover: Handover) -> bool:
        """Give away a connection by its file's number. False where the other process cannot take it now."""
        try:
            socket.send_fds(self._end, [pickle.dumps(handover)], [connection])
        except OSError as error:
            _log.warning("a connection could not be handed over: %s", error)
            return False
        return True

    def say(self, message: Message) -> None:
        """From any thread. What the other process has no room for is said again a moment later."""
        self._try_to_say(pickle.dumps(message), _MOST_TRIES)

    def close(self) -> None:
        self._loop.remove_reader(self._end.fileno())
        self._end.close()

    def _try_to_say(self, packed: bytes, tries: int) -> None:
        try:
            self._end.send(packed)
        except BlockingIOError:
            if tries:
                again = (_SECONDS_TO_TRY_AGAIN, self._try_to_say, packed, tries - 1)
                self._loop.call_soon_threadsafe(self._loop.call_later, *again)
        except OSError as error:  # it has ended, or this is larger than a message may be
            _log.warning("another process could not be told something: %s", error)

    def _read(self) -> None:
        try:
            packed, files, _, _ = socket.recv_fds(self._end, _LARGEST_MESSAGE, 1)
        except BlockingIOError:
            return
        except OSError:
            packed, files = b"", []
        if packed:
            self._receive(pickle.loads(packed), socket.socket(fileno=files[0]) if files else None)
        else:
            self._loop.remove_reader(self._end.fileno())
            self._ended()
