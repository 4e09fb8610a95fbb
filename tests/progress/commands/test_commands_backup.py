"""The commands `backup` and `restore`, and the README's section about them, line by line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from data.record import Record
from data.settings import PROJECT
from progress.commands.command_line import app
from tests.faults import damage_page
from tests.postgresql_programs import path_with_programs
from tests.progress.school import School, count_of_events, event, open_school
from tests.recording import record_event

pytestmark = pytest.mark.own_database

SECTION = re.compile(r"^## Backup and restore$(.*?)^## ", re.MULTILINE | re.DOTALL)
PARTS = re.compile(r"^### (.+?)$(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh$(.*?)^```$", re.MULTILINE | re.DOTALL)


def lines_of(part: str) -> list[str]:
    """The commands that the README gives under one heading of the section."""
    section = SECTION.search((PROJECT / "README.md").read_text())
    assert section is not None
    text = dict(PARTS.findall(section.group(1)))[part]
    return [line for block in COMMANDS.findall(text) for line in block.strip().splitlines()]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


@pytest.fixture
def school(record: Record) -> School:
    school = open_school(record)
    record_event(school.viewer("ada"), event(school, "reading", "viewed"))
    return school


def test_every_line_of_the_readme_works_as_it_stands_there(record: Record, school: School, tmp_path: Path) -> None:
    lines = lines_of("SQLite" if record.is_sqlite else "PostgreSQL") + lines_of("Every night, and on another machine")
    assert len(lines) == (4 if record.is_sqlite else 5)
    path = f"{Path(sys.executable).parent}{os.pathsep}{path_with_programs()}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(PROJECT)}
    for line in lines:
        done = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), line
    assert count_of_events(record) == 1


def test_a_backup_and_a_restore_say_what_they_did(
    record: Record, school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", path_with_programs())
    file = tmp_path / "monday.backup"
    made = run("backup", str(file))
    assert made.exit_code == 0, made.stderr
    assert made.stdout.startswith(f"Written and tried out: {file} (")
    refused = run("restore", str(file))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "If that is wanted, say so with --replace." in refused.stderr
    restored = run("restore", str(file), "--replace")
    assert restored.exit_code == 0, restored.stderr
    assert restored.stdout.startswith(f"The record is now what {file} holds. Everyone has to sign in again")


def test_what_is_no_backup_is_refused_without_a_traceback(sqlite_record: Record, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear parents")
    result = run("restore", str(tmp_path / "letter"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{tmp_path / 'letter'} cannot be restored: it is no backup of Waymark.\n"


def test_a_backup_of_a_damaged_record_is_not_taken_for_one(sqlite_record: Record, tmp_path: Path) -> None:
    open_school(sqlite_record)
    with sqlite_record.looking() as connection:
        (page,) = connection.execute("select rootpage from sqlite_master where name = 'guardians'").fetchone()
    sqlite_record.close()
    damage_page(Path(sqlite_record.engine.url.database or ""), page)
    result = run("backup", str(tmp_path / "bad.backup"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"No backup was written to {tmp_path / 'bad.backup'}: what was written")
    assert not (tmp_path / "bad.backup").exists()
    checked = run("rebuild", "--check")
    assert (checked.exit_code, checked.stdout) == (1, "")
    assert "is damaged: part of it cannot be read" in checked.stderr
