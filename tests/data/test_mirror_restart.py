"""A mirror's file is continued where it can be, rebuilt where it cannot, and never keeps the app from starting."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from sqlalchemy.engine import make_url

from data.mirror import Mirror, Refreshed
from data.record import Record
from tests.data.comparison import assert_equal
from tests.data.school import add_school, record_one

ROWS_OF_THE_SCHOOL = 28
HOLDER = """
import sys
from pathlib import Path
from data.mirror import Mirror
from data.record import Record
mirror = Mirror(Record(sys.argv[1]), Path(sys.argv[2]))
print(mirror.refresh(), flush=True)
sys.stdin.read()
"""


def test_a_reopened_file_takes_only_what_is_new(school: Record, mirror_file: Path) -> None:
    assert refresh_and_close(school, mirror_file) == Refreshed(ROWS_OF_THE_SCHOOL, is_rebuilt=True)
    assert refresh_and_close(school, mirror_file) == Refreshed(0, is_rebuilt=False)
    record_one(school, 1, user_id=1, module_id=1)
    assert refresh_and_close(school, mirror_file) == Refreshed(4, is_rebuilt=False)


@pytest.mark.parametrize("entered", [{"authority": "staff"}, {"kind": "reset", "reason": "A mistake"}])
def test_a_file_with_events_that_are_no_activity_is_continued(
    school: Record, mirror_file: Path, entered: dict[str, str]
) -> None:
    record_one(school, 1, user_id=1, module_id=1, **entered)
    refresh_and_close(school, mirror_file)
    record_one(school, 2, user_id=1, module_id=1)
    assert refresh_and_close(school, mirror_file) == Refreshed(4, is_rebuilt=False)


def test_a_file_of_another_record_is_rebuilt(school: Record, mirror_file: Path) -> None:
    refresh_and_close(school, mirror_file)
    with school.writing() as tx:
        tx.connection.exec_driver_sql("update record_info set record_uuid = 'another'")
    assert refresh_and_close(school, mirror_file) == Refreshed(ROWS_OF_THE_SCHOOL, is_rebuilt=True)


def test_a_file_of_an_earlier_epoch_is_rebuilt(school: Record, mirror_file: Path) -> None:
    record_one(school, 1, user_id=1, module_id=1)
    refresh_and_close(school, mirror_file)
    with school.writing() as tx:
        tx.connection.exec_driver_sql("delete from progress_events")
        tx.connection.exec_driver_sql("update record_info set mirror_epoch = mirror_epoch + 1")
    assert refresh_and_close(school, mirror_file) == Refreshed(ROWS_OF_THE_SCHOOL + 3, is_rebuilt=True)


def test_a_file_laid_out_by_another_version_is_rebuilt(school: Record, mirror_file: Path) -> None:
    refresh_and_close(school, mirror_file)
    with duckdb.connect(str(mirror_file)) as connection:
        connection.execute("alter table record.users drop column full_name")
        connection.execute("update record.mirror_state set layout = 'of another version'")
    assert refresh_and_close(school, mirror_file) == Refreshed(ROWS_OF_THE_SCHOOL, is_rebuilt=True)


def test_a_file_that_some_other_program_wrote_is_laid_out(school: Record, mirror_file: Path) -> None:
    mirror_file.parent.mkdir()
    with duckdb.connect(str(mirror_file)) as connection:
        connection.execute("create schema record")
        connection.execute("create table record.users as select 1 as id")
    assert refresh_and_close(school, mirror_file) == Refreshed(ROWS_OF_THE_SCHOOL, is_rebuilt=True)


def test_a_file_ahead_of_a_restored_record_is_rebuilt(sqlite_record: Record, mirror_file: Path, tmp_path: Path) -> None:
    record_path = Path(make_url(sqlite_record.url).database or "")
    shutil.copy(record_path, tmp_path / "backup.db")
    with sqlite_record.writing():
        pass  # a transaction that a backup does not know
    refresh_and_close(sqlite_record, mirror_file)
    sqlite_record.close()
    shutil.copy(tmp_path / "backup.db", record_path)
    assert refresh_and_close(sqlite_record, mirror_file) == Refreshed(0, is_rebuilt=True)


def test_a_file_ahead_of_its_postgresql_is_rebuilt(postgresql_record: Record, mirror_file: Path) -> None:
    refresh_and_close(postgresql_record, mirror_file)
    with duckdb.connect(str(mirror_file)) as connection:
        connection.execute("update record.mirror_state set mark = '4000000000:4000000000:'")
    assert refresh_and_close(postgresql_record, mirror_file) == Refreshed(0, is_rebuilt=True)


def overwrite_everything(path: Path) -> None:
    path.write_bytes(b"no database at all " * 1000)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def spoil_the_blocks(path: Path) -> None:
    """The headers, three of 4,096 bytes each, stay good."""
    content = path.read_bytes()
    path.write_bytes(content[: 3 * 4096] + bytes(byte ^ 1 for byte in content[3 * 4096 :]))


@pytest.mark.parametrize("damage", [overwrite_everything, cut_short, spoil_the_blocks])
def test_a_damaged_file_is_rebuilt(sqlite_record: Record, mirror_file: Path, damage: Callable[[Path], None]) -> None:
    add_school(sqlite_record)
    refresh_and_close(sqlite_record, mirror_file)
    damage(mirror_file)
    assert refresh_and_close(sqlite_record, mirror_file).is_rebuilt
    assert refresh_and_close(sqlite_record, mirror_file) == Refreshed(0, is_rebuilt=False)


def test_a_log_that_is_not_the_files_own_does_no_harm(sqlite_record: Record, mirror_file: Path) -> None:
    add_school(sqlite_record)
    refresh_and_close(sqlite_record, mirror_file)
    mirror_file.with_name("mirror.duckdb.wal").write_bytes(b"not of this file" * 100)
    refresh_and_close(sqlite_record, mirror_file)


def test_a_file_that_another_process_holds_is_left_to_it(school: Record, mirror_file: Path) -> None:
    with another_process(school, mirror_file) as other:
        assert refresh_and_close(school, mirror_file) == Refreshed(ROWS_OF_THE_SCHOOL, is_rebuilt=True)
        assert refresh_and_close(school, mirror_file) == Refreshed(0, is_rebuilt=False)  # its own file, by now warm
        assert other.poll() is None
    assert sorted(path.name for path in mirror_file.parent.glob("*.duckdb")) == ["mirror-2.duckdb", "mirror.duckdb"]


def test_a_file_whose_process_was_killed_is_continued(school: Record, mirror_file: Path) -> None:
    with another_process(school, mirror_file) as other:
        other.kill()
        other.wait()
        record_one(school, 1, user_id=1, module_id=1)
        assert refresh_and_close(school, mirror_file) == Refreshed(4, is_rebuilt=False)


def test_two_mirrors_of_one_process_have_a_file_each(school: Record, mirror: Mirror, mirror_file: Path) -> None:
    mirror.refresh()
    assert refresh_and_close(school, mirror_file) == Refreshed(ROWS_OF_THE_SCHOOL, is_rebuilt=True)
    assert mirror.refresh() == Refreshed(0, is_rebuilt=False)


def test_without_a_place_for_its_file_a_mirror_lives_in_memory(school: Record, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file where the folder should be")
    assert refresh_and_close(school, tmp_path / "occupied" / "mirror.duckdb").is_rebuilt


def refresh_and_close(record: Record, path: Path) -> Refreshed:
    """Open the file, refresh it, make sure that it then equals the record, and close it."""
    mirror = Mirror(record, path)
    refreshed = mirror.refresh()
    assert_equal(mirror, record)
    mirror.close()
    return refreshed


@contextmanager
def another_process(record: Record, path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has refreshed a mirror in the file and keeps it open."""
    command = [sys.executable, "-c", HOLDER, record.url, str(path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    assert "is_rebuilt=True" in process.stdout.readline()
    yield process
    process.stdin.close()
    process.wait()
    process.stdout.close()
