"""A process other than the first: `python -m api.processes.worker NUMBER FILE` serves what is handed over to it.

It listens nowhere. It ends when the first process tells it to, or has ended itself.
"""

import asyncio
import sys
from functools import partial
from socket import socket
from typing import Any

from uvicorn import Config, Server

from api.processes.channel import Channel, Handover, Message
from api.processes.movable import go_on, serve_with
from api.processes.places import FIRST, PLACES
from api.processes.together import READY
from data.notices import handle_notice, talk_to


class WorkingServer(Server):
    """Uvicorn's server, for the connections that come over the channel."""

    def __init__(self, config: Config, end: socket) -> None:
        super().__init__(config)
        self._end = end
        self._going_on: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets=[])
        served_by: Any = self.config.http_protocol_class
        serve_with(partial(served_by, self.config, self.server_state, self.lifespan.state))
        channel = Channel(self._end, self._receive, self._end_with_the_first)
        PLACES.channels[FIRST] = channel
        talk_to(channel.say)
        channel.say(READY)

    def _receive(self, message: Message, connection: socket | None) -> None:
        if isinstance(message, bytes):
            handle_notice(message)
        elif isinstance(message, Handover) and connection is not None:
            task = asyncio.create_task(go_on(connection, message))
            self._going_on.add(task)
            task.add_done_callback(self._going_on.discard)

    def _end_with_the_first(self) -> None:
        self.should_exit = True


def main() -> None:
    PLACES.here = int(sys.argv[1])
    config = Config(
        "app:app",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        loop="uvloop",
        http="api.entrance.connections:Connection",
        access_log="--no-access-log" not in sys.argv,
        server_header=False,
    )
    WorkingServer(config, socket(fileno=int(sys.argv[2]))).run()


if __name__ == "__main__":
    main()
