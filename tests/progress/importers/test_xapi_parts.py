"""An import in many transactions, and one that another process reads: both give what one in a piece gives."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from psutil import Process
from sqlalchemy import select

from data.models import Module, ModuleProgress, ModuleSpan, XapiStatement
from data.record import Record
from progress.recording.rebuild import differences
from progress.xapi.file import importing, reading
from progress.xapi.file import reader_process as beside
from progress.xapi.file.importing import import_xapi
from progress.xapi.file.source import NotStatements
from tests.progress.importers.stored import course_rows, module_rows, rows
from tests.progress.importers.video_statements import packed, small_course, write_lines


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "small.jsonl", small_course())


def figures(record: Record) -> list[Any]:
    columns = (ModuleProgress.status, ModuleProgress.watched_share, ModuleProgress.completed_at)
    kept = select(XapiStatement.statement_id, XapiStatement.outcome)
    return [
        module_rows(record, *columns),
        course_rows(record),
        sorted(rows(record, select(Module.external_id, ModuleSpan.starts_at).join(ModuleSpan))),
        sorted(rows(record, kept)),
    ]


@pytest.fixture
def figures_in_one_piece(migrated_sqlite_file: Path, tmp_path: Path, small_file: Path) -> list[Any]:
    shutil.copyfile(migrated_sqlite_file, tmp_path / "whole.db")
    record = Record(f"sqlite:///{tmp_path / 'whole.db'}")
    import_xapi(record, small_file, provisions=True)
    found = figures(record)
    record.close()
    return found


@pytest.mark.parametrize("statements_at_once", [1, 2, 3])
def test_what_a_later_part_tells_holds_for_the_earlier_ones(
    sqlite_record: Record,
    small_file: Path,
    figures_in_one_piece: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    statements_at_once: int,
) -> None:
    monkeypatch.setattr(reading, "STATEMENTS_A_BLOCK", 1)
    monkeypatch.setattr(importing, "STATEMENTS_AT_ONCE", statements_at_once)
    report = import_xapi(sqlite_record, small_file, provisions=True)
    assert (report.refused_count, report.tallies["statements"].created, report.tallies["events"].created) == (0, 7, 6)
    assert figures(sqlite_record) == figures_in_one_piece
    assert differences(sqlite_record).is_empty()


def test_repeated_statements_count_once_whichever_part_they_are_in(
    sqlite_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = small_course()
    listed = [first, *others, first, {**first, "timestamp": "2025-01-07T00:00:00Z"}]
    monkeypatch.setattr(reading, "STATEMENTS_A_BLOCK", 1)
    monkeypatch.setattr(importing, "STATEMENTS_AT_ONCE", 1)
    report = import_xapi(sqlite_record, write_lines(tmp_path / "again.jsonl", listed), provisions=True)
    assert (report.tallies["statements"].created, report.tallies["statements"].unchanged) == (7, 1)
    assert [(refusal.number, refusal.reason[:20]) for refusal in report.refusals] == [(9, "Another statement wi")]


def test_process_beside_reads_the_same(
    sqlite_record: Record, small_file: Path, figures_in_one_piece: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_WORTH_A_PROCESS_BYTES", 0)
    monkeypatch.setattr(beside, "_LINE_BLOCKS_HERE", 0)
    dirty = write_lines(small_file.with_name("dirty.jsonl"), ["{", "nothing", *small_course()])
    report = import_xapi(sqlite_record, packed(dirty), provisions=True)
    assert [refusal.number for refusal in report.refusals] == [1, 2]
    assert figures(sqlite_record) == figures_in_one_piece


@pytest.mark.parametrize("is_packed", [False, True])
def test_blocks_read_elsewhere_are_left_out(small_file: Path, monkeypatch: pytest.MonkeyPatch, is_packed: bool) -> None:
    path = packed(small_file) if is_packed else small_file
    monkeypatch.setattr(reading, "STATEMENTS_A_BLOCK", 2)
    numbers = [block.rows["number"].to_list() for block in reading.blocks_of(path, after=1)]
    assert numbers == [[3, 4], [5, 6], [7]]
    assert list(reading.blocks_of(path, after=4)) == []


def test_process_beside_tells_what_is_wrong_with_a_file(
    sqlite_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_WORTH_A_PROCESS_BYTES", 0)
    (tmp_path / "odd").write_bytes(b"\x1f\x8b no more")
    with pytest.raises(NotStatements, match="odd: It cannot be unpacked"):
        import_xapi(sqlite_record, tmp_path / "odd")


def test_process_beside_that_ends_too_early_is_told_and_nothing_is_lost(
    sqlite_record: Record, small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_WORTH_A_PROCESS_BYTES", 0)
    monkeypatch.setattr(reading, "STATEMENTS_A_BLOCK", 2)
    monkeypatch.setattr(importing, "STATEMENTS_AT_ONCE", 1)
    monkeypatch.setattr(beside, "_LINE_BLOCKS_HERE", 1)
    monkeypatch.setattr(beside, "PROJECT", tmp_path)
    with pytest.raises(beside.ReaderFailed, match="ended too early"):
        import_xapi(sqlite_record, small_file, provisions=True)
    assert len(rows(sqlite_record, select(XapiStatement.id))) == 2
    assert differences(sqlite_record).is_empty()


def test_process_beside_ends_with_who_reads_no_further(small_file: Path) -> None:
    before = set(Process().children())
    blocks = beside.blocks_beside(small_file)
    next(blocks)
    blocks.close()
    assert set(Process().children()) <= before
