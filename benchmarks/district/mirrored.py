"""The mirror of the district's record: how long it takes to build it from nothing, and to open its file again."""

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
    cold = seconds_of(lambda: _refreshed(path))
    reopened = seconds_of(lambda: _refreshed(path))
    size = round(path.stat().st_size / 2**20)
    return {"mirror": {"cold_s": round(cold, 1), "reopened_s": round(reopened, 2), "mb": size}}


def _refreshed(path: Path) -> None:
    mirror = Mirror(current_record(), path)
    mirror.refresh()
    mirror.close()
