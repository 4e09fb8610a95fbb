"""The same blocks of statements, read by a process beside this one while this one stores them."""

import gc
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from io import BytesIO
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from progress.importers.xapi.reading import Block, blocks_of
from progress.importers.xapi.source import statements_in

_BLOCKS_AHEAD = 80

# A process takes most of a second to start: what is read here meanwhile. A list is read whole, so only there.
_LINE_BLOCKS_HERE = 15

# Pickled by itself, a frame takes five times as long.
_Packed = tuple[bytes, Block]

_reading: list[Iterator[Block]] = []


def blocks_beside(path: Path) -> Iterator[Block]:
    """As `blocks_of`, some blocks ahead of who takes them."""
    here_count = _LINE_BLOCKS_HERE if statements_in(path, lambda count: None).counted_as == "line" else 0
    waiting: deque[Future[_Packed | None]] = deque()
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin, initargs=(path, here_count))
    with pool:
        waiting.extend(pool.submit(_next_block) for _ in range(_BLOCKS_AHEAD))
        yield from islice(blocks_of(path), here_count)
        while (packed := waiting.popleft().result()) is not None:
            waiting.append(pool.submit(_next_block))
            yield _unpacked(*packed)


def _unpacked(rows: bytes, block: Block) -> Block:
    return block._replace(rows=pl.read_ipc_stream(rows))


def _begin(path: Path, done_count: int) -> None:
    """In the process beside: nothing is read before the first block is asked for."""
    gc.disable()  # as in `importing`
    _reading.append(blocks_of(path, after=done_count))


def _next_block() -> _Packed | None:
    """In the process beside."""
    block = next(_reading[0], None)
    if block is None:
        return None
    packed = BytesIO()
    block.rows.write_ipc_stream(packed)
    return packed.getvalue(), block._replace(rows=block.rows.clear())
