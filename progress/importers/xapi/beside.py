"""The same blocks of statements, read by a process beside this one while this one stores them."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from progress.importers.xapi.reading import Block, blocks_of

_BLOCKS_AHEAD = 16

_reading: list[Iterator[Block]] = []


def blocks_beside(path: Path) -> Iterator[Block]:
    """As `blocks_of`, some blocks ahead of who takes them."""
    waiting: deque[Future[Block | None]] = deque()
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin, initargs=(path,))
    with pool:
        waiting.extend(pool.submit(_next_block) for _ in range(_BLOCKS_AHEAD))
        while (block := waiting.popleft().result()) is not None:
            waiting.append(pool.submit(_next_block))
            yield block


def _begin(path: Path) -> None:
    """In the process beside: nothing is read before the first block is asked for."""
    _reading.append(blocks_of(path))


def _next_block() -> Block | None:
    """In the process beside."""
    return next(_reading[0], None)
