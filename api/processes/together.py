"""The first process starts the others, waits until they can serve, replaces one that ends, and stops them first.

What each of them does stands in `worker`.
"""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from socket import socket
from subprocess import Popen

from api.processes.channel import Channel, Handover, Message, pair
from api.processes.movable import go_on
from api.processes.places import PLACES
from data.notices import handle_notice, pass_on, stop_talking_to, talk_to
from data.settings import PROJECT

READY = "ready"
_SECONDS_TO_START = 300.0  # a mirror may have to be built
_SECONDS_TO_STOP = 20.0
_SECONDS_UNTIL_REPLACED = 1.0
_LONGEST_PAUSE = 60.0
_SECONDS_BETWEEN_LOOKS = 0.05

_log = logging.getLogger(__name__)


class Worker:
    """A process other than the first, as the first one knows it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_settled = asyncio.Event()  # it serves, or it has ended
        self.has_served = False
        own, others = pair()
        self._channel = Channel(own, self._receive, self._ended)
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends = asyncio.Event()
        self.process = _start(number, others)
        others.close()

    def _receive(self, message: Message, connection: socket | None) -> None:
        if isinstance(message, Handover):
            if connection is not None:
                task = asyncio.create_task(go_on(connection, message))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        elif isinstance(message, bytes):
            handle_notice(message)
            pass_on(message, but=self._channel.say)
        elif message == READY:
            talk_to(self._channel.say)
            PLACES.channels[self.number] = self._channel
            self.has_served = True
            self.is_settled.set()

    def _ended(self) -> None:
        stop_talking_to(self._channel.say)
        PLACES.forget(self.number)
        self._channel.close()
        self._ends.set()
        self.is_settled.set()

    async def runs(self) -> None:
        """Until the process has ended."""
        await self._ends.wait()

    async def stop(self) -> None:
        """Let it close its pages and its part of the record."""
        self.process.terminate()
        for _ in range(int(_SECONDS_TO_STOP / _SECONDS_BETWEEN_LOOKS)):
            if self.process.poll() is not None:
                return
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        self.process.kill()
        self.process.wait()


@asynccontextmanager
async def serving_together(processes: int) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """While this lasts, so many processes serve, this one among them. With one it does nothing.

    Yields what waits until the others can serve, so that all get ready at the same time.
    """
    workers = {number: Worker(number) for number in range(1, processes)}
    keeping = [asyncio.create_task(_keep(workers, number)) for number in workers]
    try:
        yield lambda: _until_ready(list(workers.values()))
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.gather(*(worker.stop() for worker in workers.values()))


async def _until_ready(workers: Sequence[Worker]) -> None:
    """Also returns when one does not become ready: the others serve without it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS_TO_START):
            for worker in workers:
                await worker.is_settled.wait()


async def _keep(workers: dict[int, Worker], number: int) -> None:
    """Put another one in the place of a worker that ends. Its pages reconnect.

    One that cannot even start is tried again after ever longer pauses: each try costs seconds of a processor.
    """
    pause = _SECONDS_UNTIL_REPLACED
    while True:
        await workers[number].runs()
        pause = _SECONDS_UNTIL_REPLACED if workers[number].has_served else min(2 * pause, _LONGEST_PAUSE)
        status = await asyncio.to_thread(workers[number].process.wait)
        _log.error("process %d ended with status %s; another one takes its place", number, status)
        await asyncio.sleep(pause)
        workers[number] = Worker(number)


def _start(number: int, end: socket) -> "Popen[bytes]":
    """In a session of its own: Ctrl-C in a terminal reaches the first process, which stops the others in order."""
    quiet = [flag for flag in sys.argv if flag == "--no-access-log"]
    path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    return Popen(
        [sys.executable, "-m", "api.processes.worker", str(number), str(end.fileno()), *quiet],
        env={**os.environ, "PYTHONPATH": path},
        pass_fds=[end.fileno()],
        start_new_session=True,
    )
