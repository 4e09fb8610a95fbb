"""Before anything begins: the record has this version's shape, is whole, and its log is its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext

from data.migrate import migrate
from data.readiness import RecordDiffers, RecordNewer, RecordNotMigrated, require_ready, require_whole
from data.record import Record
from data.troubles import NoRecord, RecordDamaged
from data.write_ahead_log import LogOfAnotherState
from tests.data.released import make_released
from tests.data.school import add_school, record_one
from tests.faults import damage_page


def change(record: Record, *statements: str) -> None:
    with record.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def test_a_migrated_record_is_ready(record: Record) -> None:
    require_ready(record)
    require_whole(record, thoroughly=True)


def test_a_database_without_tables_asks_to_be_migrated(tmp_path: Path) -> None:
    with pytest.raises(RecordNotMigrated, match="python -m progress migrate"):
        require_ready(Record(f"sqlite:///{tmp_path / 'empty.db'}"))


def test_a_record_of_an_earlier_version_asks_to_be_migrated(tmp_path: Path) -> None:
    record = Record(f"sqlite:///{tmp_path / 'old.db'}")
    make_released(record, "cbf31bd")
    with pytest.raises(RecordNotMigrated):
        require_ready(record)
    migrate(record)
    require_ready(record)
    record.close()


def test_a_record_of_a_newer_version_asks_for_that_version(record: Record) -> None:
    change(record, "update alembic_version set version_num = '9999'")
    with pytest.raises(RecordNewer):
        require_ready(record)


def test_tables_and_columns_that_are_missing_or_want_something_unknown_are_named(record: Record) -> None:
    change(
        record,
        "drop table access_tokens",
        "alter table classes drop column ended_at",
        "alter table courses add column colour varchar not null default 'red'",
        "create table notes_of_the_school (id integer)",
    )
    with pytest.raises(RecordDiffers) as raised:
        require_ready(record)
    assert raised.value.faults == ["It has no table access_tokens.", "The table classes has no column ended_at."]
    assert "It has no table access_tokens. The table classes has no column ended_at." in str(raised.value)


def test_a_column_that_wants_a_value_from_a_version_that_does_not_know_it_is_named(postgresql_record: Record) -> None:
    change(postgresql_record, "alter table courses add column colour varchar not null")
    with pytest.raises(RecordDiffers, match="The table courses wants a value for colour, which is unknown here"):
        require_ready(postgresql_record)


def test_a_record_that_says_its_revision_but_has_the_shape_of_another_is_not_ready(tmp_path: Path) -> None:
    record = Record(f"sqlite:///{tmp_path / 'old.db'}")
    make_released(record, "8a5ab47")
    newest = Record(f"sqlite:///{tmp_path / 'new.db'}")
    migrate(newest)
    with newest.engine.connect() as connection:
        head = MigrationContext.configure(connection).get_current_revision()
    change(record, f"update alembic_version set version_num = '{head}'")
    with pytest.raises(RecordDiffers, match="It has no table xapi_actors"):
        require_ready(record)
    record.close()
    newest.close()


def test_a_file_that_is_no_database_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear parents, " * 1_000)
    with pytest.raises(NoRecord):
        require_ready(Record(f"sqlite:///{tmp_path / 'letter.db'}"))


def test_damage_that_no_question_has_met_yet_is_found(tmp_path: Path, migrated_sqlite_file: Path) -> None:
    file = tmp_path / "damaged.db"
    shutil.copyfile(migrated_sqlite_file, file)
    record = Record(f"sqlite:///{file}")
    with record.reading() as connection:
        page = connection.scalar(sa.text("select rootpage from sqlite_master where name = 'access_tokens'"))
    record.close()
    assert page is not None
    damage_page(file, page)
    require_ready(record)
    with pytest.raises(RecordDamaged, match="restore"):
        require_whole(record)
    record.close()


def copied(record: Record, folder: Path, *, log: bool) -> Path:
    """The record's file as it lies there while the record is open, with or without its log."""
    folder.mkdir()
    for ending in ("", "-wal") if log else ("",):
        shutil.copyfile(f"{record.engine.url.database}{ending}", folder / f"waymark.db{ending}")
    return folder / "waymark.db"


@pytest.fixture
def busy_school(sqlite_record: Record) -> Record:
    """A record in whose log more stands than in its file."""
    add_school(sqlite_record)
    sqlite_record.checkpoint()
    for number in range(3):
        record_one(sqlite_record, number, 1, 1)
    return sqlite_record


def test_a_file_that_was_copied_with_its_log_is_ready(busy_school: Record, tmp_path: Path) -> None:
    file = copied(busy_school, tmp_path / "copy", log=True)
    record = Record(f"sqlite:///{file}")
    require_ready(record)
    with record.reading() as connection:
        assert connection.scalar(sa.text("select count(*) from progress_events")) == 3
    record.close()


def put_back_older_file(record: Record, older: Path) -> Path:
    """The older file under the newer log, as of a file that is copied back over a record of a killed server."""
    for number in range(3, 6):
        record_one(record, number, 1, 1)
    record.empty_log()
    record_one(record, 6, 1, 1)
    newer = copied(record, older.parent.parent / "newer", log=True)
    shutil.copyfile(older, newer)
    return newer


def put_back_older_log(record: Record, older: Path) -> Path:
    """The newer file above the older log."""
    record.empty_log()
    for number in range(3, 9):
        record_one(record, number, 1, 1)
    record.empty_log()
    newer = copied(record, older.parent.parent / "newer", log=False)
    shutil.copyfile(f"{older}-wal", f"{newer}-wal")
    return newer


@pytest.mark.parametrize(
    ("put_back", "reason"),
    [(put_back_older_file, "the log begins with change"), (put_back_older_log, "the log ends with change")],
)
def test_a_file_and_a_log_of_another_state_are_noticed_before_either_is_touched(
    busy_school: Record, tmp_path: Path, put_back: Callable[[Record, Path], Path], reason: str
) -> None:
    file = put_back(busy_school, copied(busy_school, tmp_path / "older", log=True))
    before = (file.read_bytes(), Path(f"{file}-wal").read_bytes())
    with pytest.raises(LogOfAnotherState, match=reason) as raised:
        require_ready(Record(f"sqlite:///{file}"))
    assert "move the log to another folder" in str(raised.value)
    assert (file.read_bytes(), Path(f"{file}-wal").read_bytes()) == before


def test_a_running_record_is_never_taken_for_one_with_a_foreign_log(busy_school: Record) -> None:
    for number in range(3, 200):
        record_one(busy_school, number, 1 + number % 5, 1)
        if number % 10 == 0:
            busy_school.checkpoint()
        require_ready(busy_school)
