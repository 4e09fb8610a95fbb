"""The mirror of the record that the settings name: one per process, opened when first asked for."""

import atexit
from pathlib import Path
from threading import Lock

from data.mirror.mirror import Mirror
from data.record import open_record
from data.settings import settings

_mirrors: dict[tuple[str, Path], Mirror] = {}
_opening = Lock()


def current_mirror() -> Mirror:
    """The mirror of the current record, not yet refreshed when it is new. One that broke is replaced by a new one."""
    chosen = settings()
    key = (chosen.database_url, chosen.var / "mirror" / "mirror.duckdb")  # DuckDB names the catalog after the file
    with _opening:
        if key in _mirrors and _mirrors[key].is_broken:
            _mirrors.pop(key).close()
        if key not in _mirrors:
            _mirrors[key] = Mirror(open_record(chosen.database_url), key[1])
        return _mirrors[key]


def close_mirrors() -> None:
    """Close what `current_mirror` opened, so that the files are complete and free for others."""
    with _opening:
        while _mirrors:
            _mirrors.popitem()[1].close()


atexit.register(close_mirrors)
