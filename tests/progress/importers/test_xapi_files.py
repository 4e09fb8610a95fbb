"""Files of statements in every form they come in, dirty ones, and those that are none."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from data.models import Course, ProgressEvent, XapiStatement
from data.record import Record
from progress.commands.command_line import app
from progress.xapi.file import source
from progress.xapi.file.importing import import_xapi
from progress.xapi.file.source import NotStatements, UnpacksTooFar
from tests.progress.importers.stored import rows
from tests.progress.importers.video_statements import COURSE, packed, small_course, statement, write_lines


def count(record: Record, model: Any) -> int:
    ((number,),) = rows(record, select(func.count()).select_from(model))
    return int(number)


def as_array(path: Path) -> Path:
    path.write_text(json.dumps(small_course(), indent=2))
    return path


def as_answer(path: Path) -> Path:
    path.write_text(json.dumps({"statements": small_course(), "more": ""}, indent=2))
    return path


def as_answer_in_one_line(path: Path) -> Path:
    path.write_text(json.dumps({"statements": small_course()}))
    return path


def as_lines(path: Path) -> Path:
    return write_lines(path, ["", *small_course()[:3], "  ", *small_course()[3:]])


def with_byte_order_mark(path: Path) -> Path:
    lines = write_lines(path, small_course())
    lines.write_bytes(b"\xef\xbb\xbf" + lines.read_bytes())
    return lines


@pytest.mark.parametrize("write", [as_array, as_answer, as_answer_in_one_line, as_lines, with_byte_order_mark])
@pytest.mark.parametrize("is_packed", [False, True])
def test_every_form_gives_the_same(sqlite_record: Record, tmp_path: Path, write: Any, is_packed: bool) -> None:
    path = write(tmp_path / "statements")
    report = import_xapi(sqlite_record, packed(path) if is_packed else path, provisions=True)
    assert (report.refused_count, report.tallies["statements"].created, report.tallies["events"].created) == (0, 7, 6)


@pytest.mark.parametrize("bytes_at_once", [7, 100, 1 << 20])
def test_list_in_one_line_may_be_longer_than_a_statement(
    sqlite_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_at_once: int
) -> None:
    monkeypatch.setattr(source, "MOST_LINE_BYTES", 150)
    monkeypatch.setattr(source, "_BYTES_AT_ONCE", bytes_at_once)
    path = tmp_path / "statements"
    path.write_text(json.dumps(small_course()))
    assert import_xapi(sqlite_record, path, provisions=True).tallies["statements"].created == 7


@pytest.mark.parametrize("bytes_at_once", [7, 100, 1 << 20])
def test_lines_are_put_together_however_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_at_once: int
) -> None:
    monkeypatch.setattr(source, "_BYTES_AT_ONCE", bytes_at_once)
    path = write_lines(tmp_path / "statements", ["", *small_course()[:3], "  ", *small_course()[3:]])
    found = [item for item in source.statements_in(path, lambda count: None).items if item[1].strip()]
    lines = enumerate(path.read_bytes().split(b"\n"), start=1)
    assert found == [(number, line) for number, line in lines if line.strip()]


@pytest.mark.parametrize("bytes_at_once", [7, 1 << 20])
def test_line_that_is_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_at_once: int) -> None:
    monkeypatch.setattr(source, "MOST_LINE_BYTES", 1_000)
    monkeypatch.setattr(source, "_BYTES_AT_ONCE", bytes_at_once)
    path = write_lines(tmp_path / "statements", [*small_course(), {"id": "x" * 1_000}, *small_course()])
    with pytest.raises(NotStatements, match=r"Line 8 is longer than 1,000 bytes\."):
        list(source.statements_in(path, lambda count: None).items)


def test_single_statement_over_many_lines_is_read(sqlite_record: Record, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(small_course()[0], indent=2))
    assert import_xapi(sqlite_record, path, provisions=True).tallies["events"].created == 1


def test_dirty_lines_are_told_with_their_reasons_and_good_ones_kept(sqlite_record: Record, tmp_path: Path) -> None:
    good = small_course()
    lines = [
        good[0],
        "{",
        {**good[1], "verb": {"id": "paused"}},
        statement(20, "paused", played_segments="5[.]1"),
        "[]",
        good[1],
        good[1],
        {**good[1], "timestamp": "2025-01-07T00:00:00Z"},
        json.dumps({**good[2], "id": "x"}),
        '{"id": ' * 300,
    ]
    report = import_xapi(sqlite_record, write_lines(tmp_path / "dirty.jsonl", lines), provisions=True)
    assert [(refusal.number, refusal.reason[:30]) for refusal in report.refusals] == [
        (2, "This is not JSON: unexpected e"),
        (3, "verb.id: This must be an IRI, "),
        (5, "This must be a JSON object."),
        (8, "Another statement with the id "),
        (9, "id: This must be a UUID."),
        (10, "This is not JSON: unexpected e"),
    ]
    assert (report.tallies["statements"].created, report.tallies["statements"].unchanged) == (3, 1)
    assert count(sqlite_record, ProgressEvent) == 3
    assert report.notes == [
        "1 statement has extensions of which something was passed over; all else in them counts. line 4: The played "
        "segments “5[.]1” do not run from an earlier to a later second and count as not watched."
    ]


def test_statement_without_an_id_is_the_same_one_again(sqlite_record: Record, tmp_path: Path) -> None:
    nameless = {name: value for name, value in small_course()[0].items() if name != "id"}
    path = write_lines(tmp_path / "nameless.jsonl", [nameless])
    assert import_xapi(sqlite_record, path, provisions=True).changed_count > 0
    assert import_xapi(sqlite_record, path, provisions=True).changed_count == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"this is no JSON", "not JSON"),
        (b"17", "neither a statement nor a list"),
        (b'{"statements": 3}', "neither a statement nor a list"),
        (b"\x1f\x8b and then something else", "cannot be unpacked"),
        (gzip.compress(b'{"id": 1}\n' * 1000, mtime=0)[:40], "cannot be unpacked"),
        (b'{"id": 1}\n' + b" " * 4_000_001, "longer than"),
    ],
)
def test_file_that_holds_no_statements_is_refused_and_changes_nothing(
    sqlite_record: Record, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "odd"
    path.write_bytes(content)
    with pytest.raises(NotStatements, match=words):
        import_xapi(sqlite_record, path, provisions=True)
    assert (count(sqlite_record, XapiStatement), count(sqlite_record, Course)) == (0, 0)


def test_gzip_bomb_stops_before_it_fills_the_memory(sqlite_record: Record, tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b'{"id": 1}\n' + (b" " * 1_000_000 + b"\n") * 40))
    with pytest.raises(UnpacksTooFar):
        import_xapi(sqlite_record, path)


def test_command_tells_what_it_did_and_ends_with_1_where_something_was_refused(
    sqlite_record: Record, tmp_path: Path
) -> None:
    path, run = write_lines(tmp_path / "small.jsonl", small_course()), CliRunner()
    refused = run.invoke(app, ["import", "xapi", str(path)])
    assert (refused.exit_code, "small.jsonl, line 1: No learner" in refused.output) == (1, True)
    done = run.invoke(app, ["import", "xapi", "--provision", str(path)])
    assert (done.exit_code, "videos: 2 created" in done.output) == (0, True)
    assert "events: 6 created" in done.output
    path.write_text("nothing")
    wrong = run.invoke(app, ["import", "xapi", str(path)])
    assert (wrong.exit_code, "Traceback" in wrong.output) == (1, False)


def test_command_lets_a_course_opt_in_and_out(sqlite_record: Record, tmp_path: Path) -> None:
    run = CliRunner()
    unknown = run.invoke(app, ["course", "provision-xapi", COURSE])
    assert (unknown.exit_code, f"no course with the external id “{COURSE}”" in unknown.output) == (1, True)
    first = write_lines(tmp_path / "first.jsonl", small_course()[:1])
    assert run.invoke(app, ["import", "xapi", "--provision", str(first)]).exit_code == 0
    assert run.invoke(app, ["course", "provision-xapi", COURSE, "--off"]).exit_code == 0
    assert rows(sqlite_record, select(Course.provisions_xapi)) == [(False,)]
    whole = write_lines(tmp_path / "whole.jsonl", small_course())
    assert run.invoke(app, ["import", "xapi", str(whole)]).exit_code == 1
    assert run.invoke(app, ["course", "provision-xapi", COURSE]).exit_code == 0
    assert run.invoke(app, ["import", "xapi", str(whole)]).exit_code == 0
