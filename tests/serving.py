"""The app as it is really served: uvicorn in a process of its own, on a free port of this machine."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOG = "server.log"
_SERVE = (
    "-m uvicorn app:app --host 127.0.0.1 --ws websockets-sansio --ws-per-message-deflate false"
    " --loop uvloop --http api.entrance.connections:Connection --no-access-log --no-server-header"
)
_RUNNING = re.compile(r"running on (http://127\.0\.0\.1:\d+)")


@contextmanager
def environment(**settings: str) -> Iterator[None]:
    """These settings for this process, so that `current_record()` is the served one here too."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def serving(
    database_url: str, var: Path, *, started_from: Path = PROJECT, port: int = 0, **settings: str
) -> Iterator[str]:
    """Serve the record at the URL, and yield the address: at this port, or at a free one.

    The server's log is `server.log` in `var`.
    """
    with killable_server(database_url, var, started_from=started_from, port=port, **settings) as (address, _):
        yield address


@contextmanager
def killable_server(
    database_url: str, var: Path, *, started_from: Path = PROJECT, port: int = 0, **settings: str
) -> Iterator[tuple[str, Callable[[], None]]]:
    """The same, with a way to kill it as a power cut would (SIGKILL)."""
    log = var / LOG
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *_SERVE.split(), "--port", str(port), "--app-dir", str(PROJECT)],
            cwd=started_from,
            env={**os.environ, "DATABASE_URL": database_url, "WAYMARK_VAR": str(var), **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _address(process, log), process.kill
        finally:
            process.terminate()
            process.wait(timeout=30)


def _address(process: "subprocess.Popen[bytes]", log: Path, timeout_seconds: float = 90) -> str:
    give_up = time.monotonic() + timeout_seconds
    while time.monotonic() < give_up and process.poll() is None:
        if running := _RUNNING.search(log.read_text()):
            return running.group(1)
        time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
