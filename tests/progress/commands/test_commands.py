"""The record's command line: what it does, what it says, and the status that it ends with."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from typer.testing import CliRunner, Result

from data.mirror import current_mirror
from data.models import CourseProgress, ProgressEvent, User
from data.record import Record, open_record
from data.settings import PROJECT
from progress.commands.command_line import app
from progress.people.accounts import add_user

OULAD_TABLES = (
    "assessments",
    "courses",
    "studentAssessment",
    "studentInfo",
    "studentRegistration",
    "studentVle",
    "vle",
)


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed, env={"COLUMNS": "200"})


def damage(record: Record) -> int:
    """Make one stored percentage wrong; returns the learner."""
    with record.engine.begin() as connection:
        user_id = connection.scalar(select(func.min(CourseProgress.user_id)))
        connection.execute(
            text("update course_progress set completion_percentage = 7 where user_id = :id"), {"id": user_id}
        )
    assert user_id is not None
    return user_id


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("migrate",),
        ("sample",),
        ("import",),
        ("import", "oulad"),
        ("import", "oneroster"),
        ("backup",),
        ("restore",),
        ("rebuild",),
        ("user",),
        ("user", "add"),
        ("user", "password"),
        ("user", "role"),
        ("user", "list"),
        ("user", "deactivate"),
        ("user", "reactivate"),
        ("token",),
        ("token", "create"),
        ("token", "list"),
        ("token", "revoke"),
    ],
)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert f"Usage: root {' '.join(command)}".rstrip() in result.stdout


def test_migrate_makes_a_record_and_repeating_it_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'waymark.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    for _ in range(2):
        result = run("migrate")
        assert (result.exit_code, result.stdout) == (0, f"The record is ready: {url}\n")
    with open_record(url).reading() as connection:
        assert connection.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize(
    "command", [("sample",), ("rebuild",), ("rebuild", "--check"), ("user", "list"), ("user", "deactivate", "ann")]
)
def test_record_that_is_not_set_up_is_named_with_the_way_out(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    result = run(*command)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.endswith("is not set up for this version. Run: python -m progress migrate\n")


def test_record_of_a_newer_version_is_left_alone(sqlite_record: Record) -> None:
    with sqlite_record.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    result = run("migrate")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "This record was made by a newer version of Waymark. Use that version.\n"


@pytest.mark.parametrize("command", [("migrate",), ("rebuild",)])
def test_server_that_does_not_answer_is_told_without_the_password(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:secret@127.0.0.1:9/waymark")
    result = run(*command)
    assert result.exit_code == 1
    assert "cannot be" in result.stderr
    assert "secret" not in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("a record somewhere", "DATABASE_URL does not name a record."),
        ("nosuchdatabase://host/waymark", "DATABASE_URL does not name a record."),
        ("sqlite:////dev/null/waymark.db", "/dev/null: "),
    ],
)
def test_setting_that_names_no_record_is_told(url: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    result = run("migrate")
    assert result.exit_code == 1
    assert result.stderr.startswith(reason)


def test_sample_is_loaded_once(sqlite_record: Record) -> None:
    first, again, if_empty = run("sample"), run("sample"), run("sample", "--if-empty")
    assert first.exit_code == 0
    assert "student, teacher, parent, admin; the password is waymark" in first.stdout
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == "The record already holds 146 people; the sample school needs an empty one.\n"
    assert (if_empty.exit_code, if_empty.output) == (0, "")


def test_rebuild_check_lists_what_differs_and_changes_nothing(sqlite_record: Record) -> None:
    run("sample")
    right = "Every stored row is right, and the mirror holds what the record holds.\n"
    assert run("rebuild", "--check").stdout == right
    learner_id = damage(sqlite_record)
    for _ in range(2):
        result = run("rebuild", "--check")
        assert result.exit_code == 1
        assert f"course_progress: learner {learner_id}, course " in result.stdout
        assert "completion_percentage: stored 7.0, recomputed " in result.stdout
        assert result.stderr.endswith("stored values differ. To set them right: python -m progress rebuild\n")


def test_rebuild_sets_right_what_differs(sqlite_record: Record) -> None:
    run("sample")
    damage(sqlite_record)
    result = run("rebuild")
    assert result.exit_code == 0
    assert result.stdout.startswith("Every stored row is recomputed; ")
    assert not result.stdout.startswith("Every stored row is recomputed; 0 ")
    assert run("rebuild", "--check").exit_code == 0


def test_rebuild_compares_the_mirror_with_the_record_and_builds_it_anew(sqlite_record: Record) -> None:
    run("sample")
    assert "The mirror holds what the record holds." in run("rebuild").stdout
    current_mirror().cursor().execute("delete from record.progress_events where module_id = 1")
    result = run("rebuild", "--check")
    assert result.exit_code == 1
    assert "mirror of progress_events, course 1: " in result.stdout
    assert result.stderr == "The mirror differs from the record. To build it anew: python -m progress rebuild\n"
    assert "The mirror is built anew." in run("rebuild").stdout
    assert run("rebuild", "--check").exit_code == 0


def test_import_from_a_folder_that_is_not_there_is_wrong_use(sqlite_record: Record, tmp_path: Path) -> None:
    result = run("import", "oulad", str(tmp_path / "nowhere"))
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_import_that_lacks_a_table_names_it(sqlite_record: Record, tmp_path: Path) -> None:
    result = run("import", "oulad", str(tmp_path))
    assert result.exit_code == 1
    assert "assessments" in result.stderr or "courses" in result.stderr
    assert "Traceback" not in result.stderr


def test_import_reports_what_it_did_and_which_row_it_refused(sqlite_record: Record, tmp_path: Path) -> None:
    write_oulad(tmp_path, stray_click=False)
    clean = run("import", "oulad", str(tmp_path))
    assert clean.exit_code == 0, clean.output
    with sqlite_record.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(ProgressEvent)) == 1
    write_oulad(tmp_path, stray_click=True)
    refusing = run("import", "oulad", str(tmp_path))
    assert refusing.exit_code == 1
    assert "studentVle.csv, row 2: " in refusing.stdout


def test_command_line_runs_as_a_module(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx:
        add_user(tx, "Ann Bell", username="ann", roles=["teacher"])
    done = subprocess.run(
        [sys.executable, "-m", "progress", "user", "list"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["Username", "Name", "Roles", "Account"],
        ["ann", "Ann", "Bell", "teacher", "open"],
    ]


def write_oulad(folder: Path, *, stray_click: bool) -> None:
    """The smallest data set: one presentation, learner, site and click; and a click on a site that is not there."""
    key, student = "code_module,code_presentation", "AAA,2013J"
    tables = {
        "courses": (f"{key},module_presentation_length", f"{student},268"),
        "assessments": (f"{key},id_assessment,assessment_type,date,weight", f"{student},1752,TMA,19,10"),
        "vle": (f"id_site,{key},activity_type,week_from,week_to", f"546943,{student},resource,,"),
        "studentInfo": (
            f"{key},id_student,gender,region,highest_education,imd_band,age_band,num_of_prev_attempts,"
            "studied_credits,disability,final_result",
            f"{student},11391,M,East Anglian Region,HE Qualification,90-100%,55<=,0,240,N,Pass",
        ),
        "studentRegistration": (f"{key},id_student,date_registration,date_unregistration", f"{student},11391,-159,"),
        "studentAssessment": ("id_assessment,id_student,date_submitted,is_banked,score",),
        "studentVle": (f"{key},id_student,id_site,date,sum_click", f"{student},11391,546943,-5,4"),
    }
    for name in OULAD_TABLES:
        stray = [f"{student},11391,999999,-5,4"] if stray_click and name == "studentVle" else []
        (folder / f"{name}.csv").write_text("\n".join([*tables[name], *stray]) + "\n")
