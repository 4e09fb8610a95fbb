"""Worlds in records of their own, and the people who look at them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from data.models import RecordInfo
from data.record import Record
from tests.queries.cast import Cast, school_with_everyone
from tests.queries.world import World
from tests.queries.world_rows import write
from tests.renewal import renew

MakeCurrent = Callable[[World], World]


@pytest.fixture
def world() -> World:
    """An empty school, to be filled and recorded."""
    return World()


class Stage:
    """One record for all worlds. Its mirror stays open from world to world: to make all views takes longest of all."""

    def __init__(self, record: Record, migrated: Path) -> None:
        self.record, self._migrated = record, migrated
        self._with_everyone: tuple[str, int] | None = None

    def shows(self, world: World) -> World:
        renew(self.record, self._migrated)
        write(world, self.record)
        return world

    def shows_everyone(self) -> Cast:
        """The cast's world, written anew if anything was written since it was."""
        everyone = school_with_everyone()
        if self._state() != self._with_everyone:
            self.shows(everyone.world)
            self._with_everyone = self._state()
        return everyone

    def _state(self) -> tuple[str, int]:
        with self.record.reading() as connection:
            return tuple(connection.execute(select(RecordInfo.record_uuid, RecordInfo.change_number)).one())


@pytest.fixture(scope="session")
def any_stage(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    file = shutil.copy(migrated_sqlite_file, tmp_path_factory.mktemp("stage") / "waymark.db")
    record = Record(f"sqlite:///{file}")
    yield Stage(record, migrated_sqlite_file)
    record.close()


@pytest.fixture
def stage(any_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The stage, whose record is the current one."""
    monkeypatch.setenv("WAYMARK_VAR", str(Path(any_stage.record.engine.url.database).parent))
    monkeypatch.setenv("DATABASE_URL", any_stage.record.url)
    return any_stage


@pytest.fixture
def recorded(stage: Stage) -> MakeCurrent:
    """Makes a world the current record; each call replaces the one before."""
    return stage.shows


@pytest.fixture
def cast(stage: Stage) -> Cast:
    """The school in which everyone has a part, as the current record."""
    return stage.shows_everyone()
