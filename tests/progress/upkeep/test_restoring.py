"""What a restore takes and what it refuses, what it leaves when it fails, and under whom it works."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from data.backup import NotABackup, kind_of, write_backup
from data.migrate import migrate
from data.readiness import require_ready
from data.record import Record
from data.restoring import DamagedRecordHeld
from data.troubles import RecordFull, troubles_named
from progress.upkeep.backing_up import RecordInUse, back_up, restore
from tests.data.released import make_released
from tests.faults import damage_page, fill, small_disk
from tests.progress.school import School, count_of_events, event, open_school
from tests.progress.upkeep.identity import file_of, uuid_of
from tests.recording import record_event

pytestmark = pytest.mark.own_database


@pytest.mark.parametrize("state", ["cbf31bd", "8a5ab47"])
def test_a_backup_of_an_older_version_is_brought_up_to_this_one(
    sqlite_record: Record, tmp_path: Path, state: str
) -> None:
    old = Record(f"sqlite:///{tmp_path / 'old.db'}")
    make_released(old, state)
    write_backup(old, tmp_path / "old.backup")
    old.close()
    restore(sqlite_record, tmp_path / "old.backup")
    require_ready(sqlite_record)
    assert count_of_events(sqlite_record) == 1


def test_a_backup_of_a_newer_version_is_refused(record: Record, school: School, tmp_path: Path) -> None:
    with record.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    write_backup(record, tmp_path / "newer.backup")
    with pytest.raises(NotABackup, match="made by a newer version"):
        restore(record, tmp_path / "newer.backup", replace=True)


def strangers_file(folder: Path) -> Path:
    (folder / "letter").write_text("Dear parents, ")
    return folder / "letter"


def strangers_database(folder: Path) -> Path:
    with closing(sqlite3.connect(folder / "books.db")) as connection:
        connection.execute("create table books (title text)")
    return folder / "books.db"


def no_file(folder: Path) -> Path:
    return folder / "nothing"


@pytest.mark.parametrize("make", [strangers_file, strangers_database, no_file])
def test_what_is_no_backup_of_waymark_is_refused_and_leaves_the_record_as_it_was(
    sqlite_record: Record, tmp_path: Path, make: object
) -> None:
    open_school(sqlite_record)
    before = uuid_of(sqlite_record)
    with pytest.raises(NotABackup):
        restore(sqlite_record, make(tmp_path), replace=True)  # type: ignore[operator]
    assert uuid_of(sqlite_record) == before
    assert [path.name for path in tmp_path.iterdir() if "trying" in path.name or "before" in path.name] == []


def test_a_dump_of_another_program_is_refused(postgresql_record: Record, tmp_path: Path) -> None:
    with postgresql_record.engine.begin() as connection:
        connection.execute(text("create schema books"))
        connection.execute(text("create table books.book (title text)"))
    file = tmp_path / "books.dump"
    subprocess.run(
        ["pg_dump", "--format=custom", "--schema=books", f"--file={file}", libpq(postgresql_record)], check=True
    )
    with pytest.raises(NotABackup, match="not one of Waymark"):
        restore(postgresql_record, file, replace=True)


def libpq(record: Record) -> str:
    return record.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_a_backup_of_the_other_database_is_refused(
    sqlite_record: Record, postgresql_record: Record, tmp_path: Path
) -> None:
    write_backup(sqlite_record, tmp_path / "sqlite.backup")
    write_backup(postgresql_record, tmp_path / "postgresql.backup")
    assert (kind_of(tmp_path / "sqlite.backup"), kind_of(tmp_path / "postgresql.backup")) == ("sqlite", "postgresql")
    with pytest.raises(NotABackup, match="a backup of PostgreSQL, and the record is in SQLite"):
        restore(sqlite_record, tmp_path / "postgresql.backup")
    with pytest.raises(NotABackup, match="a backup of SQLite, and the record is in PostgreSQL"):
        restore(postgresql_record, tmp_path / "sqlite.backup")


def test_a_full_disk_under_a_restore_leaves_the_record_as_it_was(tmp_path: Path, migrated_sqlite_file: Path) -> None:
    with small_disk(tmp_path / "disk", 6) as disk:
        shutil.copyfile(migrated_sqlite_file, disk / "waymark.db")
        record = Record(f"sqlite:///{disk / 'waymark.db'}")
        write_backup(record, tmp_path / "small.backup")
        with record.writing() as tx:
            tx.execute(
                text("insert into schools (name, kind, time_zone, changed_in) values ('Alder', 'school', 'UTC', 1)")
            )
        fill(disk, leaving_bytes=1_000_000)
        before = uuid_of(record)
        with pytest.raises(RecordFull), troubles_named(record.url):
            restore(record, tmp_path / "small.backup", replace=True)
        assert uuid_of(record) == before
        assert sorted(path.name for path in disk.iterdir() if "before" in path.name or "trying" in path.name) == []
        record.close()


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("select count(*) from users")
print("open", flush=True)
sys.stdin.read()
"""


def spoil(record: Record) -> None:
    record.close()
    damage_page(file_of(record), 1)


def test_a_record_that_cannot_be_opened_any_more_is_put_aside_and_replaced(
    sqlite_record: Record, tmp_path: Path
) -> None:
    school = open_school(sqlite_record)
    record_event(school.viewer("ada"), event(school, "reading", "viewed"))
    back_up(sqlite_record, tmp_path / "good.backup")
    spoil(sqlite_record)
    with pytest.raises(RecordInUse):
        restore(sqlite_record, tmp_path / "good.backup")
    restore(sqlite_record, tmp_path / "good.backup", replace=True)
    assert count_of_events(sqlite_record) == 1
    assert len(list(tmp_path.glob("waymark.db.damaged-*"))) == 1
    assert oct(file_of(sqlite_record).stat().st_mode & 0o777) == "0o600"


def test_a_damaged_record_is_not_put_aside_under_a_program_that_has_it_open(
    sqlite_record: Record, tmp_path: Path
) -> None:
    open_school(sqlite_record)
    back_up(sqlite_record, tmp_path / "good.backup")
    arguments = [sys.executable, "-c", HOLDER, str(file_of(sqlite_record))]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        spoil(sqlite_record)
        with pytest.raises(DamagedRecordHeld, match="Stop Waymark"):
            restore(sqlite_record, tmp_path / "good.backup", replace=True)
        process.kill()
    restore(sqlite_record, tmp_path / "good.backup", replace=True)


def test_pages_of_another_size_are_restored_under_a_program_that_has_the_record_open(
    tmp_path: Path, sqlite_record: Record
) -> None:
    """Records of earlier versions have pages of 4 KB, and a file that is open keeps its own."""
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute("pragma page_size = 4096")
        connection.execute("vacuum")
    record = Record(f"sqlite:///{old}")
    migrate(record)
    open_school(sqlite_record)
    write_backup(sqlite_record, tmp_path / "large_pages.backup")
    with closing(sqlite3.connect(old)) as another:
        assert another.execute("pragma page_size").fetchone() == (4096,)
        assert another.execute("select count(*) from users").fetchone() == (0,)
        restore(record, tmp_path / "large_pages.backup")
        assert another.execute("select count(*) from users").fetchone() == (7,)
    require_ready(record)
    record.close()
