"""`python -m progress import spreadsheet`: what it says, and the status that it ends with."""

from pathlib import Path

import pytest
from sqlalchemy import update

from data.models import User
from data.record import Record
from tests.progress.commands.test_commands import run
from tests.progress.importers.spreadsheet.sheets import GOOD, HEADER, as_csv, named_school
from tests.progress.school import School, count_of_events


@pytest.fixture
def school(sqlite_record: Record) -> School:
    school = named_school(sqlite_record)
    with sqlite_record.engine.begin() as connection:
        for name in ("teacher", "administrator"):
            connection.execute(update(User).where(User.id == getattr(school, name)).values(username=name))
    return school


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    path = tmp_path / "marks.csv"
    path.write_bytes(as_csv([HEADER, GOOD]))
    return path


@pytest.mark.parametrize("who", ["teacher", "administrator"])
def test_file_is_imported_on_someones_word(sqlite_record: Record, school: School, marks: Path, who: str) -> None:
    result = run("import", "spreadsheet", str(marks), "--as", who)
    assert result.exit_code == 0, result.output
    assert "marks.csv: 1 rows read, 0 refused" in result.stdout
    assert "entries: 1 created, 0 updated, 0 unchanged" in result.stdout
    assert count_of_events(sqlite_record) == 1
    assert "entries: 0 created, 0 updated, 1 unchanged" in run(
        "import", "spreadsheet", str(marks), "--as", who
    ).stdout  # fmt: skip


def test_preview_changes_nothing(sqlite_record: Record, school: School, marks: Path) -> None:
    result = run("import", "spreadsheet", str(marks), "--as", "teacher", "--preview")
    assert (result.exit_code, count_of_events(sqlite_record)) == (0, 0)
    assert "This is a preview. Nothing is changed." in result.stdout


def test_refused_line_is_named_and_nothing_is_recorded_unless_it_is_left_out(
    sqlite_record: Record, school: School, marks: Path
) -> None:
    marks.write_bytes(as_csv([HEADER, GOOD, ("ada", "Science", "Nothing", "Completed")]))
    result = run("import", "spreadsheet", str(marks), "--as", "teacher")
    assert (result.exit_code, count_of_events(sqlite_record)) == (1, 0)
    assert "marks.csv, line 3: There is no module “Nothing”." in result.stdout
    assert "Nothing was recorded, because of the refused lines." in result.stdout
    assert run("import", "spreadsheet", str(marks), "--as", "teacher", "--skip-refused").exit_code == 1
    assert count_of_events(sqlite_record) == 1


def test_unknown_or_closed_account_and_a_file_that_is_none_are_told(
    sqlite_record: Record, school: School, marks: Path, tmp_path: Path
) -> None:
    assert run("import", "spreadsheet", str(marks), "--as", "zoe").stderr == "Nobody has the username “zoe”.\n"
    with sqlite_record.engine.begin() as connection:
        connection.execute(update(User).where(User.id == school.teacher).values(is_active=False))
    closed = run("import", "spreadsheet", str(marks), "--as", "teacher")
    assert closed.stderr == f"There is no active person with the id {school.teacher}.\n"
    picture = tmp_path / "marks.xlsx"
    picture.write_bytes(b"\x89PNG")
    told = run("import", "spreadsheet", str(picture), "--as", "administrator")
    assert told.stderr.startswith("marks.xlsx is neither a CSV file nor an Excel workbook")


def test_command_explains_itself() -> None:
    result = run("import", "spreadsheet", "--help")
    assert result.exit_code == 0
    assert "Importing it again changes nothing." in result.stdout
