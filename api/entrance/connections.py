"""What a connection may take before anyone is known: time and bytes for a request to arrive, a place among the others.

Uvicorn's own protocol limits none of this. `uvicorn --http api.entrance.connections:Connection` serves with this one.
"""

import asyncio
import logging
import time
from collections import Counter
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from api.entrance.open_files import most_open_files
from api.processes.movable import MovableConnection
from data.settings import connection_limits
from progress.people.sign_in import network_of

SECONDS_TO_TAKE_ANSWER = 60.0  # in which a reader that lets the answer queue up must take some of it
LARGEST_HEAD_BYTES = 65_536
_BYTES_A_SECOND = 5_000
_SECONDS_TO_READ_REFUSAL = 1.0
_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_BETWEEN_LINES = 60.0

_log = logging.getLogger(__name__)


class Connections:
    """All open connections of this process that are no page's: how many each address holds, and who is still asking."""

    def __init__(self) -> None:
        self.of_address: Counter[str] = Counter()
        self.asking: dict[Connection, float] = {}  # since when; the one that has been asking longest comes first
        self.open: set[Connection] = set()
        self._next_look: asyncio.TimerHandle | None = None
        self._next_line = 0.0

    def add(self, connection: "Connection") -> None:
        self.open.add(connection)
        self.of_address[connection.address] += 1
        self.asking[connection] = time.monotonic()
        if self._next_look is None:
            self._next_look = connection.loop.call_later(_SECONDS_BETWEEN_LOOKS, self._look, connection.loop)

    def remove(self, connection: "Connection") -> None:
        self.asking.pop(connection, None)
        if connection in self.open:
            self.open.discard(connection)
            self.of_address[connection.address] -= 1
            self.of_address += Counter()  # forgets addresses without connections

    def say(self, words: str, *details: object) -> None:
        """Log a line, at most once a minute: someone who floods the server must not flood the log too."""
        if time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + _SECONDS_BETWEEN_LINES
            _log.warning(words, *details)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close whatever has taken too long. Looks again every second while there are connections."""
        now, patience = time.monotonic(), connection_limits().seconds_for_headers
        for connection in [each for each, since in self.asking.items() if now - since > patience]:
            connection.refuse(408, "The request did not arrive in time.")
        for connection in list(self.open):
            connection.look(_SECONDS_BETWEEN_LOOKS)
        again = bool(self.open)
        self._next_look = loop.call_later(_SECONDS_BETWEEN_LOOKS, self._look, loop) if again else None


CONNECTIONS = Connections()


class Connection(MovableConnection):
    """Uvicorn's connection with limits. One that a page keeps open (a WebSocket) leaves here when it is upgraded."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.address = network_of(self.client[0]) if self.client else ""
        self._is_refused = False
        self._head_bytes = self._body_bytes = 0
        self._seconds_of_body = self._seconds_of_waiting = 0.0
        CONNECTIONS.add(self)
        self._make_room()
        self.begin()

    def _make_room(self) -> None:
        limits = connection_limits()
        number = self.transport.get_extra_info("socket").fileno()
        if number > most_open_files() - limits.files_kept_free:  # the system gives out the lowest number that is free
            self.refuse(503, "The server is busy. Try again in a minute.")
        elif CONNECTIONS.of_address[self.address] > limits.connections_an_address and not self._is_proxy():
            self.refuse(429, "Your address has too many open connections. Close some of them, then try again.")
        elif len(CONNECTIONS.asking) > limits.unfinished_requests:
            next(iter(CONNECTIONS.asking)).refuse(408, "The request did not arrive in time.")

    def _is_proxy(self) -> bool:
        """Whether this address speaks for others, whom it counts itself: a proxy that is believed."""
        trusted = getattr(self.app, "trusted_hosts", ())
        return self.client is not None and self.client[0] in trusted

    def connection_lost(self, exc: Exception | None) -> None:
        CONNECTIONS.remove(self)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        CONNECTIONS.remove(self)
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return  # closed with something unread, the system would take the answer back
        super().data_received(data)
        if self in CONNECTIONS.asking:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD_BYTES:
                self.refuse(431, "The request's headers are too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        CONNECTIONS.asking.setdefault(self, time.monotonic())
        self._head_bytes = self._body_bytes = 0
        self._seconds_of_body = 0.0

    def on_headers_complete(self) -> None:
        CONNECTIONS.asking.pop(self, None)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def resume_writing(self) -> None:
        self._seconds_of_waiting = 0.0
        super().resume_writing()

    def look(self, seconds: float) -> None:
        """Count the seconds since the last look for what is being waited for, and end what takes too long."""
        if self.flow.write_paused:
            self._seconds_of_waiting += seconds
            if self._seconds_of_waiting > SECONDS_TO_TAKE_ANSWER:
                self._say("took nothing of its answer for too long")
                self.transport.abort()
        elif self.cycle is not None and self.cycle.more_body and not self.flow.read_paused:
            self._seconds_of_body += seconds
            if self._seconds_of_body > connection_limits().seconds_for_body + self._body_bytes / _BYTES_A_SECOND:
                self.refuse(408, "The request did not arrive in time.")

    def refuse(self, status: int, words: str) -> None:
        """Answer in one line, unless an answer has begun or nothing was asked, and close."""
        self._say(f"was refused with {status}: {words}")
        is_silent = status == 408 and self.cycle is None and not self._head_bytes
        CONNECTIONS.remove(self)
        if not is_silent and (self.cycle is None or not self.cycle.response_started or self.cycle.response_complete):
            head = "content-type: text/plain; charset=utf-8\r\nconnection: close\r\nretry-after: 60\r\n"
            head += f"content-length: {len(words)}\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + head.encode() + words.encode())
        self._is_refused = True
        if status == 503:
            self.transport.close()
        else:
            self.transport.write_eof()
            self.loop.call_later(_SECONDS_TO_READ_REFUSAL, self.transport.close)

    def _say(self, what: str) -> None:
        CONNECTIONS.say("A connection from %s %s (%d are open)", self.address, what, len(CONNECTIONS.open))
