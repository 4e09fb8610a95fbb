"""Who on the machine can open the files with everyone's progress in them: the account that runs Waymark."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data.file_modes import make_files_private
from data.migrate import migrate
from data.mirror import Mirror
from data.record import Record
from data.settings import PROJECT, Settings, settings
from tests.data.school import add_school
from tests.faults import make_read_only, small_disk


def modes(folder: Path) -> dict[str, str]:
    """By their paths, of all that lies in the folder."""
    return {str(path.relative_to(folder)): oct(path.stat().st_mode & 0o777) for path in sorted(folder.rglob("*"))}


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a Waymark whose folder does not exist yet."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("WAYMARK_VAR", str(tmp_path / "var"))
    return settings()


def open_to_everyone(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_new_record_and_its_log_are_their_accounts_alone(chosen: Settings) -> None:
    record = Record(chosen.database_url)
    migrate(record)
    add_school(record)
    assert modes(chosen.var) == {"waymark.db": "0o600", "waymark.db-shm": "0o600", "waymark.db-wal": "0o600"}
    assert oct(chosen.var.stat().st_mode & 0o777) == "0o700"
    record.close()


def test_what_the_command_line_makes_is_its_accounts_alone(chosen: Settings) -> None:
    for command in (["progress", "migrate"], ["progress", "sample"], ["queries", "select count(*) from course"]):
        subprocess.run([sys.executable, "-m", *command], cwd=PROJECT, check=True, capture_output=True)
    made = modes(chosen.var)
    assert {"waymark.db", "mirror", "mirror/mirror.duckdb"} <= set(made)
    assert set(made.values()) == {"0o600", "0o700"}


def test_a_start_closes_the_files_of_an_earlier_version_to_others(chosen: Settings) -> None:
    record = Record(chosen.database_url)
    migrate(record)
    add_school(record)
    mirror = Mirror(record, chosen.var / "mirror" / "mirror.duckdb")
    mirror.refresh()
    (chosen.var / "backups").mkdir()
    (chosen.var / "backups" / "monday.backup").touch()
    open_to_everyone(chosen.var)
    chosen.var.chmod(0o700)
    assert make_files_private(chosen) == []
    assert set(modes(chosen.var).values()) == {"0o600", "0o700"}
    mirror.close()
    record.close()


def test_a_folder_that_somebody_else_made_keeps_its_mode_and_is_named(chosen: Settings, tmp_path: Path) -> None:
    chosen.var.mkdir(mode=0o755)
    chosen.var.chmod(0o755)
    migrate(Record(chosen.database_url))
    assert make_files_private(chosen) == [
        f"Other accounts of this machine can look into {chosen.var}, where the record lies. "
        f"Move the record to a folder of its own or, if this one is: chmod 700 {chosen.var}"
    ]
    assert oct(chosen.var.stat().st_mode & 0o777) == "0o755"


def test_the_folder_that_waymark_has_by_default_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    var = PROJECT / "var"
    if var.exists():
        pytest.skip("somebody's own record lies there")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("WAYMARK_VAR", raising=False)
    var.mkdir()
    var.chmod(0o755)
    try:
        assert make_files_private(settings()) == []
        assert oct(var.stat().st_mode & 0o777) == "0o700"
    finally:
        shutil.rmtree(var)


def test_a_file_whose_mode_cannot_be_changed_is_named(chosen: Settings, tmp_path: Path) -> None:
    with small_disk(tmp_path / "var", 8) as disk:
        record = Record(chosen.database_url)
        migrate(record)
        record.close()
        open_to_everyone(disk)
        disk.chmod(0o700)
        make_read_only(disk)
        (sentence,) = make_files_private(chosen)
    assert sentence == f"Other accounts of this machine can read {disk}/waymark.db, and this one may not change that."


def test_a_record_on_a_server_has_only_the_mirrors_files_here(postgresql_record: Record) -> None:
    assert make_files_private(settings()) == []


def test_another_account_cannot_read_the_record(chosen: Settings) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become another account")
    migrate(Record(chosen.database_url))
    reading = f"open({str(chosen.var / 'waymark.db')!r})"
    ended = subprocess.run(
        [sys.executable, "-c", f"import os; os.setgid(65534); os.setuid(65534); {reading}"],
        capture_output=True,
        text=True,
    )
    assert "Permission denied" in ended.stderr
