"""What goes wrong with a record is told apart, from real faults: full and read-only disks, damage, locks, servers."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from data.columnar import snapshot, snapshot_by_process
from data.migrate import migrate
from data.models import School
from data.record import Record
from data.troubles import (
    NoRecord,
    RecordDamaged,
    RecordFull,
    RecordLocked,
    RecordNotNamed,
    RecordNotThere,
    RecordReadOnly,
    RecordRefusesUser,
    RecordTrouble,
    RecordUnreachable,
    trouble_of,
    troubles_named,
)
from tests.data.school import add_school
from tests.faults import damage_page, fill, make_read_only, own_postgresql, small_disk

MEGABYTE = 1_000_000


def add_schools(record: Record, count: int = 1) -> None:
    with record.writing() as tx:
        rows = [{"name": "x" * 10_000, "kind": "school", "time_zone": "UTC", "changed_in": tx.number}] * count
        tx.execute(sa.insert(School), rows)


def schools(record: Record) -> int:
    with record.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(School)).scalar_one()


@pytest.fixture
def record_on_disk(tmp_path: Path, migrated_sqlite_file: Path) -> Iterator[Record]:
    """A record on a disk of its own, of 8 MB."""
    with small_disk(tmp_path / "disk", 8) as disk:
        shutil.copyfile(migrated_sqlite_file, disk / "waymark.db")
        record = Record(f"sqlite:///{disk / 'waymark.db'}")
        yield record
        record.close()


def disk_of(record: Record) -> Path:
    return Path(record.engine.url.database or "").parent


def test_a_full_disk_is_named_and_nothing_of_the_transaction_stays(record_on_disk: Record) -> None:
    add_schools(record_on_disk)
    filler = fill(disk_of(record_on_disk), leaving_bytes=MEGABYTE)
    with pytest.raises(RecordFull), troubles_named(record_on_disk.url):
        add_schools(record_on_disk, count=300)
    assert schools(record_on_disk) == 1
    filler.unlink()
    add_schools(record_on_disk)
    assert schools(record_on_disk) == 2


def test_a_disk_that_is_full_before_the_record_is_opened_is_named(record_on_disk: Record) -> None:
    fill(disk_of(record_on_disk))
    with pytest.raises(RecordFull), troubles_named(record_on_disk.url):
        add_schools(record_on_disk)


def test_a_read_only_disk_is_named(record_on_disk: Record) -> None:
    make_read_only(disk_of(record_on_disk))
    with pytest.raises(RecordReadOnly), troubles_named(record_on_disk.url):
        add_schools(record_on_disk)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        make_read_only(disk)
        url = f"sqlite:///{disk / 'var' / 'waymark.db'}"
        with pytest.raises(RecordReadOnly), troubles_named(url):
            schools(Record(url))


def read_rows(record: Record) -> None:
    with record.reading() as connection:
        connection.execute(sa.select(School.name)).all()


def read_columns(record: Record) -> None:
    with snapshot(record) as state:
        state.batches(School.__table__).read_all()  # type: ignore[arg-type]


def read_columns_by_process(record: Record) -> None:
    with snapshot_by_process(record) as state:
        state.batches(School.__table__).read_all()  # type: ignore[arg-type]


@pytest.mark.parametrize("read", [read_rows, read_columns, read_columns_by_process])
def test_a_damaged_page_is_named_whoever_reads_it(
    sqlite_record: Record, tmp_path: Path, read: Callable[[Record], None]
) -> None:
    add_school(sqlite_record)
    with sqlite_record.reading() as connection:
        page = connection.scalar(sa.text("select rootpage from sqlite_master where name = 'schools'"))
        sqlite_record.checkpoint()
    copy = tmp_path / "damaged.db"
    shutil.copyfile(sqlite_record.engine.url.database or "", copy)
    assert page is not None
    damage_page(copy, page)
    damaged = Record(f"sqlite:///{copy}")
    with pytest.raises(RecordDamaged), troubles_named(damaged.url):
        read(damaged)
    damaged.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear parents, " * 1_000)
    with pytest.raises(NoRecord, match=r"letter\.db is no SQLite database"), troubles_named(f"sqlite:///{file}"):
        schools(Record(f"sqlite:///{file}"))
    assert file.read_text().startswith("Dear parents, ")


def test_a_record_that_another_program_keeps_locked_is_named(sqlite_record: Record) -> None:
    file = sqlite_record.engine.url.database or ""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("begin immediate")
    impatient: Any = sqlite3.connect(file, timeout=0.01)
    with pytest.raises(RecordLocked), troubles_named(sqlite_record.url):
        impatient.execute("insert into schools (name) values ('x')")
    impatient.close()
    other.close()


@pytest.mark.parametrize("url", ["a record somewhere", "nosql:///x"])
def test_an_address_that_names_no_record_is_named(url: str) -> None:
    with pytest.raises(RecordNotNamed), troubles_named(url):
        schools(Record(url))


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    url = "postgresql+psycopg://ann:secret@127.0.0.1:9/waymark"
    with pytest.raises(RecordUnreachable) as raised, troubles_named(url):
        schools(Record(url))
    assert "ann:***@127.0.0.1" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_database_that_the_server_lacks_is_named(postgresql_server: str) -> None:
    url = make_url(postgresql_server).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(RecordNotThere), troubles_named(url):
        schools(Record(url))


def test_a_database_that_may_only_be_read_is_named(postgresql_record: Record) -> None:
    name = postgresql_record.engine.url.database
    with postgresql_record.engine.begin() as connection:
        connection.execute(sa.text(f'alter database "{name}" set default_transaction_read_only = on'))
    postgresql_record.engine.dispose()
    with pytest.raises(RecordReadOnly), troubles_named(postgresql_record.url):
        add_schools(postgresql_record)


def test_a_wrong_password_and_then_a_server_that_stops_are_named() -> None:
    with own_postgresql() as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        connected = Record(url)
        migrate(connected)
        server.psql("alter user postgres password 'right'")
        rules = server.pgdata / "pg_hba.conf"
        rules.write_text(rules.read_text().replace("trust", "scram-sha-256"))
        with connected.engine.begin() as connection:
            connection.execute(sa.text("select pg_reload_conf()"))
        wrong = make_url(url).set(password="wrong").render_as_string(hide_password=False)
        with pytest.raises(RecordRefusesUser) as raised, troubles_named(wrong):
            schools(Record(wrong))
        assert "wrong" not in str(raised.value)
        server.stop()
        for _ in range(2):  # the connection that was cut, and then a new one
            with pytest.raises(RecordUnreachable), troubles_named(url):
                schools(connected)
        connected.close()


def test_a_full_disk_under_postgresql_is_named(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 120) as disk, own_postgresql(disk / "postgresql") as server:
        record = Record(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
        migrate(record)
        add_schools(record)
        filler = fill(disk, leaving_bytes=MEGABYTE)
        with pytest.raises(RecordFull), troubles_named(record.url):
            add_many_words(record)
        filler.unlink()
        assert schools(record) == 1
        record.close()


def add_many_words(record: Record) -> None:
    """PostgreSQL squeezes what repeats itself."""
    words = "(select string_agg(md5(random()::text), '') from generate_series(1, 300 + n % 2))"
    insert = (
        f"insert into schools (name, time_zone, changed_in) select {words}, 'UTC', 1 from generate_series(1, 2000) n"
    )
    with record.writing() as tx:
        tx.execute(sa.text(insert))


@pytest.mark.parametrize(
    "error", [ValueError('role "student"'), OSError(2, "No such file or directory"), sqlite3.IntegrityError("unique")]
)
def test_what_is_no_trouble_of_the_record_is_left_as_it_is(error: Exception, sqlite_record: Record) -> None:
    assert trouble_of(error, sqlite_record.url) is None


def test_a_trouble_behind_another_error_is_found(sqlite_record: Record) -> None:
    trouble = RecordFull("somewhere")
    behind = RuntimeError("the page failed")
    behind.__cause__ = trouble
    assert trouble_of(behind, sqlite_record.url) is trouble


def test_every_trouble_says_something_of_its_own_and_what_to_do() -> None:
    kinds = [kind for kind in RecordTrouble.__subclasses__() if kind.__module__ == "data.troubles"]
    assert len({kind.words for kind in kinds}) == len(kinds) == 9
