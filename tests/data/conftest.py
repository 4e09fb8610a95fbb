"""A small school and mirrors of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.mirror import Mirror
from data.record import Record
from tests.data.school import add_school


@pytest.fixture
def school(record: Record) -> Record:
    """The record with a small school in it; nobody has done anything yet."""
    add_school(record)
    return record


@pytest.fixture
def mirror_file(tmp_path: Path) -> Path:
    return tmp_path / "mirror" / "mirror.duckdb"


@pytest.fixture
def mirror(school: Record, mirror_file: Path) -> Iterator[Mirror]:
    """A mirror of the school in a file, not yet refreshed."""
    opened = Mirror(school, mirror_file)
    yield opened
    opened.close()
