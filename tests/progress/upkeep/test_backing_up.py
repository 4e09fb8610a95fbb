"""Backups: made while the record is used, tried out, and restored whole or not at all, on both databases."""

import threading
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
from data.viewer import Viewer
from progress.recording.rebuild import differences
from progress.upkeep.backing_up import RecordInUse, back_up, last_backup_at, restore
from tests.faults import damage_page, fill, own_postgresql, small_disk
from tests.progress.school import School, count_of_events, event, open_school
from tests.progress.upkeep.identity import uuid_of
from tests.recording import record_event

ADMINISTRATOR = Viewer(1, "Grace", frozenset({"administrator"}), frozenset())

pytestmark = pytest.mark.own_database


@pytest.fixture
def backup(record: Record, school: School, tmp_path: Path) -> Path:
    file = tmp_path / "backups" / "monday.backup"
    assert back_up(record, file).differing == 0
    return file


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
    made_at = last_backup_at(ADMINISTRATOR)
    assert made_at is not None
    assert datetime.now(UTC) - made_at < timedelta(minutes=1)
    assert kinds_noted(record) == ["backup.made"]


def test_a_record_without_backups_says_so(record: Record) -> None:
    assert last_backup_at(ADMINISTRATOR) is None


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
