"""`python -m progress import oneroster`: what it prints and the status that it ends with."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from data.models import User
from data.record import Record
from progress.commands.command_line import app
from tests.progress.importers.oneroster.packages import only, packed, small_school
from tests.progress.importers.stored import rows


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["import", "oneroster", str(path), *options], env={"COLUMNS": "200"})


def people(record: Record) -> int:
    return int(rows(record, select(func.count()).select_from(User))[0][0])


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "roster.zip"
    path.write_bytes(packed(small_school()))
    return path


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    files = small_school()
    only(files, "users", "cy")["enabledUser"] = "maybe"
    path = tmp_path / "dirty.zip"
    path.write_bytes(packed(files))
    return path


def test_clean_roster_is_told_table_by_table_with_status_0(sqlite_record: Record, clean: Path) -> None:
    first, again = run(clean), run(clean)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "people: 7 created, 0 updated, 0 unchanged" in first.stdout
    assert "people: 0 created, 0 updated, 7 unchanged" in again.stdout
    assert people(sqlite_record) == 7


def test_preview_changes_nothing(sqlite_record: Record, clean: Path) -> None:
    result = run(clean, "--preview")
    assert result.exit_code == 0
    assert "people: 7 created" in result.stdout
    assert people(sqlite_record) == 0


def test_refused_rows_end_with_status_1_and_nothing_changed(sqlite_record: Record, dirty: Path) -> None:
    result = run(dirty)
    assert result.exit_code == 1
    assert "users.csv, line 4: enabledUser is “maybe”, neither true nor false" in result.stdout
    assert "Nothing was changed. Put these 2 rows right and try again" in result.stdout
    assert people(sqlite_record) == 0


def test_skipping_refused_rows_applies_the_others(sqlite_record: Record, dirty: Path) -> None:
    assert run(dirty, "--skip-refused").exit_code == 1
    assert people(sqlite_record) == 6


def test_what_is_no_package_is_told_in_one_sentence(sqlite_record: Record, tmp_path: Path) -> None:
    path = tmp_path / "roster.zip"
    path.write_text("no")
    result = run(path)
    assert (result.exit_code, result.stderr) == (1, "This is not a ZIP file.\n")
