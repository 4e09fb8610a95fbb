"""The mirror of the district's record: how long it takes to build it from nothing, and to open its file again."""

import os
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

from benchmarks.spread import seconds_of
from data.mirror import Mirror
from data.record import current_record


def mirror_figures(folder: Path) -> dict[str, Any]:
    """Build the mirror that the questions are asked of, cold; then open its file again."""
    path = folder / "mirror" / "mirror.duckdb"
    rmtree(path.parent, ignore_errors=True)
    cold = _taken("cold", lambda: _refreshed(path))
    reopened = _taken("reopened", lambda: _refreshed(path))
    return {"mirror": {**cold, **reopened, "mb": round(path.stat().st_size / 2**20)}}


def _taken(name: str, work: Callable[[], None]) -> dict[str, float]:
    """Seconds by the clock, and of all processors, those of the process that reads the record included."""
    busy = sum(os.times()[:4])
    clock = seconds_of(work)
    return {f"{name}_s": round(clock, 2), f"{name}_processor_s": round(sum(os.times()[:4]) - busy, 2)}


def _refreshed(path: Path) -> None:
    mirror = Mirror(current_record(), path)
    mirror.refresh()
    mirror.close()
