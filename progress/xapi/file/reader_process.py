"""Blocks of statements read by a second process while this one stores them."""

import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from data.settings import PROJECT
from progress.importers.shared.report import CannotImport
from progress.xapi.file.reading import Block, blocks_of
from progress.xapi.file.source import NotStatements, statements_in

_BLOCKS_AHEAD = 80

# Linux's C library would give the memory of each block back and ask for it anew, page by page.
_KEEPS_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 28), "MALLOC_TRIM_THRESHOLD_": str(1 << 29)}

# A process takes half a second to start: what is read here meanwhile. A list is read whole, so only there.
_LINE_BLOCKS_HERE = 15


class ReaderFailed(CannotImport):
    """The second process ended before the file did."""

    def __init__(self) -> None:
        super().__init__("The process that reads the statements ended too early.")


def blocks_beside(path: Path) -> Generator[Block, None, None]:
    """As `blocks_of`, some blocks ahead of who takes them. Raises ReaderFailed too."""
    here_count = _LINE_BLOCKS_HERE if statements_in(path, lambda count: None).counted_as == "line" else 0
    command = [sys.executable, "-m", "progress.xapi.file", str(path.resolve()), str(here_count)]
    process: Any = subprocess.Popen(command, cwd=PROJECT, env=os.environ | _KEEPS_MEMORY, stdout=subprocess.PIPE)
    # Taken in by a thread: the process can write no further than its pipe is long.
    pool = ThreadPoolExecutor(1)
    try:
        waiting = deque(pool.submit(_next_block, process.stdout) for _ in range(_BLOCKS_AHEAD))
        yield from islice(blocks_of(path), here_count)
        while (block := waiting.popleft().result()) is not None:
            waiting.append(pool.submit(_next_block, process.stdout))
            yield block
    finally:
        process.kill()
        pool.shutdown(cancel_futures=True)
        process.stdout.close()
        process.wait()


def write_blocks(path: Path, after: int, target: BinaryIO) -> None:
    """What the second process does: all blocks but the first ones, then nothing or what is wrong with the file."""
    gc.disable()  # as in `importing`
    end = None
    try:
        for block in blocks_of(path, after):
            rows = BytesIO()
            block.rows.write_ipc_stream(rows)
            pickle.dump((rows.getvalue(), *block[1:]), target)
    except NotStatements as error:
        end = error
    pickle.dump(end, target)
    target.flush()


def _next_block(source: BinaryIO) -> Block | None:
    try:
        found: Any = pickle.load(source)
    except (EOFError, pickle.UnpicklingError):
        raise ReaderFailed from None
    if isinstance(found, NotStatements):
        raise found
    return found and Block(pl.read_ipc_stream(found[0]), *found[1:])
