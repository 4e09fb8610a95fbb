"""A record that cannot be used stops the start and every command with a sentence and status 1; nothing is written."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.settings import PROJECT
from tests.faults import damage_page, fill, make_read_only, small_disk

START = ["uvicorn", "app:app", "--port", "0"]
COMMANDS = [
    ["progress", "migrate"],
    ["progress", "sample"],
    ["progress", "rebuild"],
    ["progress", "rebuild", "--check"],
    ["progress", "user", "list"],
    ["progress", "user", "deactivate", "ann"],
    ["progress", "token", "list"],
    ["progress", "backup", "monday.backup"],
]


@pytest.fixture
def disk(tmp_path: Path, migrated_sqlite_file: Path) -> Iterator[Path]:
    """A disk of its own with a record on it."""
    with small_disk(tmp_path / "disk", 8) as mounted:
        shutil.copyfile(migrated_sqlite_file, mounted / "waymark.db")
        with closing(sqlite3.connect(mounted / "waymark.db")) as connection:
            connection.execute("pragma journal_mode = wal")
        yield mounted


def ended(command: list[str], database_url: str, var: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=var,
        env={"DATABASE_URL": database_url, "WAYMARK_VAR": str(var), "PYTHONPATH": str(PROJECT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )


def damage_within(disk: Path) -> None:
    with closing(sqlite3.connect(f"{(disk / 'waymark.db').as_uri()}?immutable=1", uri=True)) as connection:
        (page,) = connection.execute("select rootpage from sqlite_master where name = 'record_info'").fetchone()
    damage_page(disk / "waymark.db", page)


def write_letter(disk: Path) -> None:
    (disk / "waymark.db").write_text("Dear parents, " * 1_000)


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "full": (fill, "The disk is full"),
    "read-only": (make_read_only, "is read-only"),
    "damaged": (damage_within, "is damaged: part of it cannot be read"),
    "no database": (write_letter, "is no SQLite database"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_beneath_the_record_is_said_in_words_at_the_start_and_by_commands(
    disk: Path, tmp_path: Path, fault: str
) -> None:
    make, words = FAULTS[fault]
    make(disk)
    before = (disk / "waymark.db").read_bytes()
    for command in (START, ["progress", "migrate"], ["progress", "rebuild", "--check"]):
        result = ended(command, f"sqlite:///{disk / 'waymark.db'}", tmp_path)
        assert result.returncode == 1, (command, result.stderr)
        assert words in result.stderr, (command, result.stderr)
        assert "Traceback" not in result.stderr
        assert result.stdout == ""
    assert (disk / "waymark.db").read_bytes() == before


@pytest.mark.parametrize("command", [START, *COMMANDS], ids=" ".join)
def test_a_server_that_is_away_is_said_by_the_start_and_by_every_command(command: list[str], tmp_path: Path) -> None:
    result = ended(command, "postgresql://waymark:geheim@127.0.0.1:1/school", tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("The record at postgresql+psycopg://waymark:***@127.0.0.1:1/school cannot be")
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
