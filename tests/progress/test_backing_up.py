"""Backups: made while the record is used, tried out, and restored whole or not at all, on both databases."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from data.backup import BackupNotWritten, NotABackup, kind_of, write_backup
from data.migrate import migrate
from data.mirror import Mirror
from data.models import AuditEntry, SignInSession
from data.postgresql_programs import ProgramFailed, ProgramMissing
from data.readiness import require_ready
from data.record import Record, current_record
from data.restoring import DamagedRecordHeld
from data.troubles import RecordFull, troubles_named
from progress.backing_up import RecordInUse, back_up, last_backup_at, restore
from progress.rebuild import differences
from progress.recording import record_event
from tests.data.released import make_released
from tests.faults import damage_page, fill, own_postgresql, small_disk
from tests.postgresql_programs import path_with_programs
from tests.progress.school import School, count_of_events, event, open_school


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path_with_programs())


@pytest.fixture
def school(record: Record) -> School:
    """Ada has read one reading."""
    school = open_school(record)
    record_event(school.viewer("ada"), event(school, "reading", "viewed"))
    return school


@pytest.fixture
def backup(record: Record, school: School, tmp_path: Path) -> Path:
    file = tmp_path / "backups" / "monday.backup"
    assert back_up(record, file).differing == 0
    return file


def file_of(record: Record) -> Path:
    return Path(record.engine.url.database or "")


def uuid_of(record: Record) -> str:
    with record.reading() as connection:
        return str(connection.scalar(text("select record_uuid from record_info")))


def kinds_noted(record: Record) -> list[str]:
    with record.reading() as connection:
        noted = select(AuditEntry.kind).where(AuditEntry.kind.startswith("backup"))
        return list(connection.scalars(noted.order_by(AuditEntry.id)))


def test_a_restore_brings_back_what_the_backup_held(record: Record, school: School, backup: Path) -> None:
    record_event(school.viewer("ada"), event(school, "lecture", "completed"))
    assert restore(record, backup, replace=True) == 0
    assert count_of_events(record) == 1
    assert differences(record).height == 0
    record_event(school.viewer("ada"), event(school, "lecture", "completed"))
    assert count_of_events(record) == 2


def test_a_backup_is_its_accounts_alone_and_noted_with_its_time(record: Record, backup: Path) -> None:
    assert oct(backup.stat().st_mode & 0o777) == "0o600"
    assert oct(backup.parent.stat().st_mode & 0o777) == "0o700"
    assert [path.name for path in backup.parent.iterdir()] == ["monday.backup"]
    made_at = last_backup_at(record)
    assert made_at is not None
    assert datetime.now(UTC) - made_at < timedelta(minutes=1)
    assert kinds_noted(record) == ["backup.made"]


def test_a_record_without_backups_says_so(record: Record) -> None:
    assert last_backup_at(record) is None


def test_a_restore_is_noted_and_ends_every_sign_in(record: Record, school: School, backup: Path) -> None:
    restore(record, backup, replace=True)
    assert kinds_noted(record) == ["backup.restored"]
    with record.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_a_restored_record_has_a_lineage_of_its_own_and_mirrors_start_afresh(
    record: Record, school: School, backup: Path, tmp_path: Path
) -> None:
    mirror = Mirror(record, tmp_path / "mirror" / "mirror.duckdb")
    record_event(school.viewer("ada"), event(school, "lecture", "completed"))
    mirror.refresh()
    before = uuid_of(record)
    restore(record, backup, replace=True)
    record_event(school.viewer("ada"), event(school, "quiz", "scored", score=80.0))
    assert uuid_of(record) != before
    assert mirror.refresh().is_rebuilt
    assert mirror.cursor().execute("select count(*) from record.progress_events").fetchone() == (1,)
    mirror.close()


def test_a_record_that_holds_something_is_replaced_only_when_that_is_said(record: Record, backup: Path) -> None:
    before = uuid_of(record)
    with pytest.raises(RecordInUse, match="--replace"):
        restore(record, backup)
    assert uuid_of(record) == before


def test_an_empty_record_needs_no_word_for_a_restore(
    record: Record, backup: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if not record.is_sqlite:
        with record.engine.begin() as connection:
            connection.execute(text("drop schema public cascade"))
            connection.execute(text("create schema public"))
        empty = record
    else:
        empty = Record(f"sqlite:///{tmp_path / 'elsewhere' / 'waymark.db'}")
    restore(empty, backup)
    require_ready(empty)
    assert count_of_events(empty) == 1
    empty.close()


def test_recording_goes_on_while_a_backup_is_made_and_what_was_acknowledged_before_is_in_it(
    record: Record, school: School, tmp_path: Path
) -> None:
    ada, stop, recorded = school.viewer("ada"), threading.Event(), [0]

    def go_on() -> None:
        while not stop.is_set():
            record_event(ada, event(school, "reading", "viewed", at=2 + recorded[0]))
            recorded[0] += 1

    writer = threading.Thread(target=go_on)
    writer.start()
    file = tmp_path / "busy.backup"
    before = recorded[0]
    write_backup(record, file)
    after = recorded[0]
    stop.set()
    writer.join()
    restore(record, file, replace=True)
    assert 1 + before <= count_of_events(record) <= 1 + after + 1
    assert differences(record).height == 0


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


def test_a_damaged_backup_is_refused(record: Record, school: School, backup: Path) -> None:
    before = uuid_of(record)
    if record.is_sqlite:
        damage_page(backup, 3)
    else:
        backup.write_bytes(backup.read_bytes()[:-5_000])
    with pytest.raises((NotABackup, ProgramFailed)):
        restore(record, backup, replace=True)
    assert uuid_of(record) == before


def test_a_file_that_is_there_is_never_overwritten(record: Record, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(BackupNotWritten, match="such a file already"):
        back_up(record, backup)
    assert backup.read_bytes() == before


def test_stored_values_that_are_wrong_are_counted_and_the_backup_stands(
    record: Record, school: School, tmp_path: Path
) -> None:
    with record.engine.begin() as connection:
        connection.execute(text("update course_progress set completion_percentage = 7 where total_units > 0"))
    assert back_up(record, tmp_path / "wrong.backup").differing > 0
    assert restore(record, tmp_path / "wrong.backup", replace=True) > 0


def test_a_full_disk_leaves_no_backup_and_says_so(sqlite_record: Record, tmp_path: Path) -> None:
    open_school(sqlite_record)
    with small_disk(tmp_path / "disk", 2) as disk:
        fill(disk, leaving_bytes=100_000)
        with pytest.raises(BackupNotWritten, match="the disk is full"):
            back_up(sqlite_record, disk / "monday.backup")
        assert [path.name for path in disk.iterdir()] == ["filler"]


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


def test_postgresql_without_its_programs_is_told_what_to_install(
    postgresql_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProgramMissing, match="postgresql-client"):
        back_up(postgresql_record, tmp_path / "none.backup")


def test_a_server_that_asks_for_a_password_gets_it_where_no_list_of_processes_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_postgresql() as server:
        server.psql("alter user postgres password 'geheim/@:';")
        rules = server.pgdata / "pg_hba.conf"
        rules.write_text(rules.read_text().replace("trust", "scram-sha-256"))
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", password="geheim/@:")
        monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
        server.stop()
        server.start()
        record = current_record()
        migrate(record)
        assert back_up(record, tmp_path / "monday.backup").untried is None
        restore(record, tmp_path / "monday.backup")
        record.close()


def test_a_user_who_may_make_no_database_gets_a_backup_that_says_it_was_not_tried(
    postgresql_record: Record, tmp_path: Path
) -> None:
    name = f"plain_{postgresql_record.engine.url.database}"
    with postgresql_record.engine.begin() as connection:
        connection.execute(text(f'create role "{name}" login'))
        connection.execute(text(f'grant pg_read_all_data, pg_write_all_data to "{name}"'))
    plain = Record(postgresql_record.engine.url.set(username=name).render_as_string(hide_password=False))
    tried = back_up(plain, tmp_path / "plain.backup")
    assert tried.untried is not None
    assert "createdb" in tried.untried
    assert kind_of(tmp_path / "plain.backup") == "postgresql"
    plain.close()
    with postgresql_record.engine.begin() as connection:
        connection.execute(text(f'drop owned by "{name}"'))
        connection.execute(text(f'drop role "{name}"'))


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
