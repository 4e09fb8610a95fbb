"""`python -m queries`: what it answers, in which forms, and what it refuses."""

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from queries.__main__ import app
from queries.asking.catalogue import views
from tests.queries.cast import Cast

ENROLLED = "select learner_name, enrolled_at, completion_percentage from course_progress where learner_name = 'Amal'"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_answer_is_a_table_by_default(cast: Cast) -> None:
    result = run("select learner_name from learner where learner_name < 'C' order by all")
    assert result.exit_code == 0
    assert [line.strip("│ ") for line in result.stdout.splitlines() if line.startswith("│")] == ["Amal", "Bo"]
    assert result.stdout.splitlines()[-1] == "2 rows"


def test_table_of_very_many_rows_shows_the_first_thousand(cast: Cast) -> None:
    result = run("select unnest(range(1, 200001)) as number")
    assert "│ 1000 " in result.stdout
    assert "│ 1001 " not in result.stdout
    assert result.stdout.splitlines()[-1] == "200,000 rows, the first 1,000 shown"


def test_answer_as_csv_has_a_heading_and_times_in_utc(cast: Cast) -> None:
    [row] = csv.DictReader(StringIO(run(ENROLLED, "--format", "csv").stdout))
    assert row["learner_name"] == "Amal"
    assert row["enrolled_at"].endswith("+00:00")


def test_lists_are_json_text_in_csv(cast: Cast) -> None:
    answer = run("select roles, classes from person_directory where full_name = 'Teo'", "--format", "csv").stdout
    [row] = csv.DictReader(StringIO(answer))
    assert json.loads(row["roles"]) == ["teacher"]
    assert json.loads(row["classes"]) == [f"Class {cast.maths_class:04}"]


def test_answer_as_json_is_an_object_a_row(cast: Cast) -> None:
    sql = """
        select course_id, sum(total_modules) as modules, max(dropped_at) as dropped_at,
            avg(total_units)::decimal(4, 1) as units
        from course_progress group by all order by all
    """
    assert json.loads(run(sql, "--format", "json").stdout) == [
        {"course_id": cast.maths, "modules": 12, "dropped_at": None, "units": 1.0},
        {"course_id": cast.art, "modules": 4, "dropped_at": None, "units": 1.0},
    ]


def test_answer_as_parquet_goes_to_a_pipe_or_a_file(cast: Cast, tmp_path: Path) -> None:
    piped = pl.read_parquet(BytesIO(run(ENROLLED, "--format", "parquet").stdout_bytes))
    assert piped["learner_name"].to_list() == ["Amal"]
    assert piped.schema["enrolled_at"] == pl.Datetime("us", "UTC")
    assert run(ENROLLED, "--format", "parquet", "--output", str(tmp_path / "answer.parquet")).stdout == ""
    assert pl.read_parquet(tmp_path / "answer.parquet").equals(piped)


def test_large_answers_are_whole(cast: Cast) -> None:
    answer = run("select unnest(range(300000)) as number", "--format", "csv").stdout
    assert answer.count("\n") == 300_001


def test_describe_lists_every_view_with_grain_key_and_columns(cast: Cast) -> None:
    told = run("--describe").stdout
    for view in views().values():
        assert f"{view.name}: {view.comment} Key: {', '.join(view.key)}" in told
    rows = json.loads(run("--describe", "--format", "json").stdout)
    assert {
        "view": "unit_progress",
        "grain": views()["unit_progress"].comment,
        "key": "learner_id, unit_id",
        "column": "total_modules",
        "type": "bigint",
        "meaning": "How many modules count now.",
    } in rows


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("drop view course", "Only one SELECT can be asked"),
        ("copy course to 'courses.csv'", "Only one SELECT can be asked"),
        ("select 1; select 2", "Only one SELECT can be asked"),
        ("select * from read_csv('people.csv')", "these are none: read_csv"),
        ("select * from 'people.csv'", "these are none: people.csv"),
        ("select * from record.users", "these are none: record.users"),
    ],
)
def test_what_is_no_question_over_the_views_is_refused_with_status_2(cast: Cast, sql: str, told: str) -> None:
    result = run(sql)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Nothing was run." in result.stderr


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select nonsense from course", 'Referenced column "nonsense" not found'),
        ("selec 1", 'This SQL cannot be read: syntax error at or near "selec"'),
        ("select cast('x' as integer)", "The question has no answer: Could not convert string 'x'"),
    ],
)
def test_mistake_in_the_sql_is_told_in_words_with_status_1(cast: Cast, sql: str, told: str) -> None:
    result = run(sql)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr
    assert "Error:" not in result.stderr
    assert "LINE 1" not in result.stderr


@pytest.mark.parametrize("arguments", [(), ("select 1", "--describe"), ("select 1", "--format", "xml")])
def test_wrong_use_of_the_command_ends_with_status_2(cast: Cast, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_file_that_cannot_be_written_is_named(cast: Cast, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "answer.csv"
    result = run("select 1 as one", "--format", "csv", "--output", str(missing))
    assert (result.exit_code, result.stderr.strip()) == (1, f"{missing}: No such file or directory")


def test_record_that_is_not_set_up_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    result = run("select 1")
    assert result.exit_code == 1
    assert "python -m progress migrate" in result.stderr
