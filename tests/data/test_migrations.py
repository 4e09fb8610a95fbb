"""Migrations: never edited once they have landed; a record that any version made comes up to today's shape."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from data.migrate import ReferencesBroken, migrate
from data.models import UtcTime
from data.record import Record, open_record
from data.viewer import Viewer
from progress.recording.events import NewEvent
from progress.recording.rebuild import differences
from tests.data.released import ROWS, STATES, VERSIONS, make_released
from tests.recording import record_event

pytestmark = pytest.mark.own_database

SPANS = {"class_learners", "class_teachers"}  # whose end became a stretch of days
LANDED = Path(__file__).with_name("landed_migrations.txt")


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_record(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Record]:
    """A database without tables; it is the current record."""
    url = f"sqlite:///{tmp_path / 'bare.db'}"
    if request.param == "postgresql":
        server = make_url(request.getfixturevalue("postgresql_server"))
        name = f"bare_{uuid.uuid4().hex}"
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"create database {name}"))
        engine.dispose()
        url = server.set(database=name).render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    record = open_record(url)
    yield record
    record.close()


@pytest.fixture
def new_record(bare_record: Record, request: pytest.FixtureRequest) -> Record:
    """A new record of this version, on the same kind of database."""
    chosen: Record = request.getfixturevalue("sqlite_record" if bare_record.is_sqlite else "postgresql_record")
    return chosen


def shape(record: Record) -> dict[str, Any]:
    """All that the database knows of its tables, but for the order of their columns."""
    found = sa.inspect(record.engine)
    return {
        table: {
            "columns": sorted(map(str, found.get_columns(table))),
            "primary key": str(found.get_pk_constraint(table)),
            "options": str(found.get_table_options(table)),
            "references": sorted(map(str, found.get_foreign_keys(table))),
            "unique": sorted(map(str, found.get_unique_constraints(table))),
            "checks": sorted(map(str, found.get_check_constraints(table))),
            "indexes": sorted(index_text(index) for index in found.get_indexes(table)),
        }
        for table in found.get_table_names()
    }


def index_text(index: Any) -> str:
    options = {name: str(value) for name, value in index.pop("dialect_options", {}).items()}
    return f"{index} {options}"


def rows(record: Record, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    with record.reading() as connection:
        chosen = sa.select(*map(sa.column, columns)).select_from(sa.table(table))
        return sorted(map(tuple, connection.execute(chosen)), key=str)


def test_a_landed_migration_is_never_edited_again() -> None:
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in VERSIONS.glob("*.py")}
    landed = dict(reversed(line.split()) for line in LANDED.read_text().splitlines())
    assert found == landed, f"For a new migration add its line to {LANDED.name}: sha256sum FILE. Never change a line."


@pytest.mark.parametrize("state", STATES)
def test_a_record_of_any_released_version_comes_up_to_the_shape_of_a_new_one(
    bare_record: Record, new_record: Record, state: str
) -> None:
    make_released(bare_record, state)
    migrate(bare_record)
    assert shape(bare_record) == shape(new_record)


@pytest.mark.parametrize("state", STATES)
def test_an_upgraded_record_keeps_its_rows(bare_record: Record, state: str) -> None:
    make_released(bare_record, state)
    columns = {
        table: [column["name"] for column in sa.inspect(bare_record.engine).get_columns(table)] for table in ROWS
    }
    before = {table: rows(bare_record, table, columns[table]) for table in ROWS}
    migrate(bare_record)
    kept = {table: [c["name"] for c in sa.inspect(bare_record.engine).get_columns(table)] for table in ROWS}
    lost = {table: set(columns[table]) - set(kept[table]) for table in ROWS}
    assert lost == {table: {"ended_at"} if table in SPANS else set() for table in ROWS}
    others = [table for table in ROWS if table not in SPANS]
    assert {table: rows(bare_record, table, columns[table]) for table in others} == {t: before[t] for t in others}


@pytest.mark.parametrize("state", STATES)
def test_membership_of_an_upgraded_record_began_with_the_enrolment_or_the_first_day_that_is_known(
    bare_record: Record, state: str
) -> None:
    make_released(bare_record, state)
    with bare_record.engine.begin() as connection:
        left = datetime(2026, 3, 20, tzinfo=UTC)
        gone = sa.table("class_learners", sa.column("ended_at", UtcTime()))
        connection.execute(sa.update(gone).values(ended_at=left))
    migrate(bare_record)
    span = ["class_id", "user_id", "external_id", "joined_on", "left_on"]
    enrolled, left_on = date(2026, 3, 2), date(2026, 3, 20)
    typed = [sa.column(name, sa.Date() if name.endswith("_on") else None) for name in span]
    with bare_record.reading() as connection:
        learners = connection.execute(sa.select(*typed).select_from(sa.table("class_learners"))).all()
        teachers = connection.execute(sa.select(*typed).select_from(sa.table("class_teachers"))).all()
    assert learners == [(1, 1, None, enrolled, left_on)]
    assert teachers == [(1, 2, None, enrolled, None)]  # no term is known: since the person is in the record


@pytest.mark.parametrize("state", STATES)
def test_an_upgraded_record_records(bare_record: Record, state: str) -> None:
    make_released(bare_record, state)
    migrate(bare_record)
    amara = Viewer(1, "Amara", frozenset({"student"}), frozenset({1}))
    verdict = record_event(amara, NewEvent("test", "two", 1, 2, "viewed", datetime(2026, 3, 3, tzinfo=UTC)))
    assert verdict.outcome == "created"
    assert rows(bare_record, "course_progress", ["completed_modules_count", "completed_units_count"]) == [(2, 1)]
    assert differences(bare_record).height == 0


@pytest.mark.parametrize("state", ["a2c9ac2", "8a5ab47"])
def test_statements_of_an_upgraded_record_are_about_whom_they_were_about(bare_record: Record, state: str) -> None:
    make_released(bare_record, state)
    migrate(bare_record)
    about = sa.text(
        "select s.statement_id, a.external_id, a.user_id, s.activity, s.targets"
        " from xapi_statements s join xapi_actors a on a.id = s.actor_id order by s.id"
    )
    with bare_record.reading() as connection:
        assert [tuple(row) for row in connection.execute(about)] == [
            ("s1", "mailto:amara@school.example", None, "a", None),
            ("s2", "mailto:amara@school.example", 1, "a", None),
            ("s3", "mailto:amara@school.example", 1, "b", None),
            ("s4", None, None, "s3", "s3"),
        ]
    assert len(rows(bare_record, "xapi_actors", ["id"])) == 3


def test_mirrors_start_afresh_after_an_upgrade_that_changed_tables(bare_record: Record) -> None:
    make_released(bare_record, "cbf31bd")
    migrate(bare_record)
    assert rows(bare_record, "record_info", ["mirror_epoch"]) != [(0,)]


def test_a_migration_that_would_lose_what_rows_refer_to_changes_nothing(tmp_path: Path) -> None:
    record = Record(f"sqlite:///{tmp_path / 'broken.db'}")
    make_released(record, "cbf31bd")
    driver: Any = record.engine.raw_connection()
    driver.execute("pragma foreign_keys = off")
    driver.execute("update users set school_id = 99 where id = 1")
    driver.close()
    before = shape(record)
    with pytest.raises(ReferencesBroken, match="Rows of users refer to rows of schools"):
        migrate(record)
    assert shape(record) == before
    record.close()
