"""Few exports are at work at once, and each gives its place back, however its reader behaves."""

from collections.abc import Awaitable, Callable, Iterator
from itertools import repeat
from typing import Any

import anyio
import pytest

from api.v1 import exports
from api.v1.exports import EXPORTS_AT_ONCE, FileWhileItIsWritten, TooLongForExcel
from queries.exports.workbook import TooManyRowsForExcel

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> anyio.Semaphore:
    """The places of a test, whose event loop is its own."""
    monkeypatch.setattr(exports, "_places", anyio.Semaphore(EXPORTS_AT_ONCE))
    free: anyio.Semaphore = exports._places
    return free


class Pieces:
    """Pieces of a file that tell how many files are open, and how many were at most."""

    def __init__(self) -> None:
        self.open = self.most_open = self.closed = 0

    def file(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        try:
            yield from pieces
        finally:
            self.open -= 1
            self.closed += 1


async def sent(pieces: Iterator[bytes], send: Send, stay: Callable[[], Awaitable[None]] = anyio.sleep_forever) -> None:
    """Send the file to a reader who stays for so long."""

    async def receive() -> Message:
        await stay()
        return {"type": "http.disconnect"}

    await FileWhileItIsWritten(pieces, "text/csv", "x.csv")(SCOPE, receive, send)  # type: ignore[arg-type]


def test_no_more_than_some_are_at_work_and_all_come_to_their_end(places: anyio.Semaphore) -> None:
    counted, messages = Pieces(), list[Message]()

    async def take(message: Message) -> None:
        messages.append(message)
        await anyio.lowlevel.checkpoint()

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(3 * EXPORTS_AT_ONCE):
                group.start_soon(sent, counted.file(repeat(b"row", 20)), take)

    anyio.run(all_of_them)
    assert (counted.most_open, counted.closed) == (EXPORTS_AT_ONCE, 3 * EXPORTS_AT_ONCE)
    assert b"".join(message.get("body", b"") for message in messages) == b"row" * 20 * 3 * EXPORTS_AT_ONCE
    assert places.value == EXPORTS_AT_ONCE


def test_who_goes_away_in_the_middle_frees_the_place(places: anyio.Semaphore) -> None:
    counted = Pieces()

    async def leaves_after_some() -> None:
        enough = anyio.Event()
        messages: list[Message] = []

        async def take(message: Message) -> None:
            messages.append(message)
            if len(messages) > 5:
                enough.set()
            await anyio.lowlevel.checkpoint()

        await sent(counted.file(repeat(b"row")), take, enough.wait)

    anyio.run(leaves_after_some)
    assert (counted.open, counted.closed, places.value) == (0, 1, EXPORTS_AT_ONCE)


def test_who_takes_nothing_loses_the_place(places: anyio.Semaphore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SECONDS_TO_TAKE_A_PIECE", 0.05)
    counted = Pieces()

    async def take(message: Message) -> None:
        if message["type"] == "http.response.body":
            await anyio.sleep_forever()

    with pytest.raises(TimeoutError):
        anyio.run(sent, counted.file(repeat(b"row")), take)
    assert (counted.open, counted.closed, places.value) == (0, 1, EXPORTS_AT_ONCE)


def test_what_fails_before_the_first_piece_is_answered_like_any_error(places: anyio.Semaphore) -> None:
    messages: list[Message] = []

    async def take(message: Message) -> None:
        messages.append(message)

    def too_long() -> Iterator[bytes]:
        raise TooManyRowsForExcel
        yield b""

    with pytest.raises(TooLongForExcel):
        anyio.run(sent, too_long(), take)
    assert messages == []
    assert places.value == EXPORTS_AT_ONCE
