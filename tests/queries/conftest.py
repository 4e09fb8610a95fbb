"""Worlds in records of their own, and the people who look at them."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from data.mirror import close_mirrors
from data.record import open_record
from tests.queries.cast import Cast, school_with_everyone
from tests.queries.world import World
from tests.queries.world_rows import write

MakeCurrent = Callable[[World], World]


@pytest.fixture
def world() -> World:
    """An empty school, to be filled and recorded."""
    return World()


@pytest.fixture
def recorded(migrated_sqlite_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeCurrent]:
    """Makes a world the current record; each call replaces the one before."""
    numbers = count()

    def make_current(world: World) -> World:
        close_mirrors()
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        shutil.copyfile(migrated_sqlite_file, folder / "waymark.db")
        monkeypatch.setenv("WAYMARK_VAR", str(folder))
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder / 'waymark.db'}")
        write(world, open_record(f"sqlite:///{folder / 'waymark.db'}"))
        return world

    yield make_current
    close_mirrors()


@pytest.fixture
def cast(recorded: MakeCurrent) -> Cast:
    """The school in which everyone has a part, as the current record."""
    everyone = school_with_everyone()
    recorded(everyone.world)
    return everyone
