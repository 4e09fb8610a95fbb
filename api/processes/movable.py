"""A connection that another process may go on with, from the beginning of a request on.

It moves with all that has arrived of the request, before anything of it was answered. The other process reads that as
if it had come from the network, and answers over the same connection. What follows on it is looked at anew.
"""

import asyncio
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.processes.channel import Handover
from api.processes.places import PLACES

_another: "Callable[[], MovableConnection] | None" = None


class MovableConnection(HttpToolsProtocol):
    """Uvicorn's connection, which leaves for the process where a request belongs (`PLACES`)."""

    handed_over: Handover | None = None

    def connection_made(self, transport: Any) -> None:
        global _another
        super().connection_made(transport)
        _another = partial(type(self), self.config, self.server_state, self.app_state)
        self._is_between_requests = True
        self._head: bytes | None = None  # what has arrived of a request that began with it
        self._leaves_for: int | None = None
        self._seen_by: tuple[int, ...] = ()

    def begin(self) -> None:
        """Read what another process handed over with the connection, if one did."""
        if self.handed_over is not None:
            self._seen_by = self.handed_over.seen_by
            self.data_received(self.handed_over.arrived)

    def data_received(self, data: bytes) -> None:
        if self._is_between_requests:
            self._head = data
        elif self._head is not None:
            self._head += data
        super().data_received(data)
        if self._leaves_for is not None:
            self._leave()

    def on_message_begin(self) -> None:
        self._is_between_requests = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if self._head is not None and self._leaves_for is None and self._has_answered():
            path = self.url.partition(b"?")[0].decode("ascii", "replace")
            self._leaves_for = PLACES.elsewhere(path, self.headers, self._seen_by)
        if self._leaves_for is None:
            self._head, self._seen_by = None, ()
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self._leaves_for is None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_between_requests = True
        if self._leaves_for is None:
            super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        if self._leaves_for is None:
            super().handle_websocket_upgrade()

    def _has_answered(self) -> bool:
        is_answered = self.cycle is None or self.cycle.response_complete
        return is_answered and not self.transport.get_write_buffer_size()

    def _leave(self) -> None:
        """Hand the connection over; where that fails, answer here what can be answered here."""
        to, self._leaves_for = self._leaves_for, None
        seen_by, arrived = (*self._seen_by, PLACES.here), self._head or b""
        number = self.transport.get_extra_info("socket").fileno()
        if to is not None and PLACES.hand_over(to, number, arrived, seen_by):
            self.transport.close()  # here alone: the other process holds the same connection open
            return
        self.parser = httptools.HttpRequestParser(self)
        self._is_between_requests, self._head = False, None
        super().data_received(arrived)


async def go_on(connection: socket.socket, handover: Handover) -> None:
    """Serve a connection that was handed over like any other of this process."""
    connection.setblocking(False)
    await asyncio.get_running_loop().connect_accepted_socket(lambda: _going_on(handover), connection)


def serve_with(another: Callable[[], MovableConnection]) -> None:
    """How a process makes connections that has accepted none so far."""
    global _another
    _another = another


def _going_on(handover: Handover) -> MovableConnection:
    if _another is None:
        raise RuntimeError("a connection was handed over before this process could serve any")
    connection = _another()
    connection.handed_over = handover
    return connection
