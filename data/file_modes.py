"""Keeping the record's files private to its account: files 0600, Waymark's own folders 0700.

Waymark creates its files that way, and fixes older or copied ones at each start. Folders that somebody else created
keep their mode: they may be a home or the system's temporary folder.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from data.settings import PROJECT, Settings

_FOR_OTHERS = 0o077


def keep_new_files_private() -> None:
    """Make all files that this process creates private, including DuckDB's files and its spill files."""
    os.umask(_FOR_OTHERS)


def make_files_private(chosen: Settings) -> list[str]:
    """Make the record's and the mirror's files private; returns sentences about what stays readable by others."""
    files = list(_files(chosen))
    own = [folder for folder in _folders_of_ours(chosen) if folder.is_dir()]
    open_still = [path for path in (*files, *own) if _is_open(path) and not _closed(path)]
    foreign = {path.parent for path in files} - set(own)
    return [
        *(f"Other accounts of this machine can read {path}, and this one may not change that." for path in open_still),
        *(
            f"Other accounts of this machine can look into {folder}, where the record lies. "
            f"Move the record to a folder of its own or, if this one is: chmod 700 {folder}"
            for folder in sorted(foreign)
            if _is_open(folder)
        ),
    ]


def _files(chosen: Settings) -> Iterator[Path]:
    address = make_url(chosen.database_url)
    if address.get_backend_name() == "sqlite" and address.database:
        file = Path(address.database).absolute()
        related = (file.with_name(file.name + ending) for ending in ("", "-wal", "-shm", "-journal"))
        yield from (path for path in related if path.is_file())
    for folder in _inner_folders(chosen):
        yield from (path for path in folder.rglob("*") if path.is_file())


def _inner_folders(chosen: Settings) -> list[Path]:
    return [chosen.var / "mirror", chosen.var / "backups"]


def _folders_of_ours(chosen: Settings) -> list[Path]:
    inner = _inner_folders(chosen)
    return [PROJECT / "var", *inner] if chosen.var == PROJECT / "var" else inner


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & _FOR_OTHERS)


def _closed(path: Path) -> bool:
    try:
        path.chmod(0o700 if path.is_dir() else 0o600)
    except OSError:
        return False
    return not _is_open(path)
