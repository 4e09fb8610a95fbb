"""The process's own mirror: one for all threads, replaced when it breaks."""

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from data.mirror import MirrorBroken, current_mirror
from data.mirror.current import close_mirrors
from data.record import Record
from data.settings import settings
from tests.data.comparison import assert_equal
from tests.data.school import add_school, record_one


@pytest.fixture
def school(sqlite_record: Record) -> Record:
    add_school(sqlite_record)
    return sqlite_record


def test_all_threads_get_the_same_mirror(school: Record) -> None:
    with ThreadPoolExecutor(8) as threads:
        mirrors = set(threads.map(lambda _: current_mirror(), range(8)))
    assert len(mirrors) == 1
    assert [path.name for path in (settings().var / "mirror").glob("*.duckdb")] == ["mirror.duckdb"]


def test_threads_that_refresh_at_the_same_time_agree(school: Record) -> None:
    for number in range(1, 20):
        record_one(school, number, user_id=1 + number % 5, module_id=1 + number % 6)
        with ThreadPoolExecutor(8) as threads:
            refreshed = list(threads.map(lambda _: current_mirror().refresh(), range(8)))
        assert [done.rows_count > 0 for done in refreshed].count(True) == 1
    assert_equal(current_mirror(), school)


def test_a_closed_mirror_is_followed_by_one_that_continues(school: Record) -> None:
    current_mirror().refresh()
    close_mirrors()
    assert not current_mirror().refresh().is_rebuilt


def test_a_mirror_that_cannot_write_is_replaced_by_one_in_memory(school: Record) -> None:
    current_mirror().refresh()
    record_one(school, 1, user_id=1, module_id=1)
    with files_no_longer_than(4096):
        with pytest.raises(MirrorBroken):
            current_mirror().refresh()
        assert current_mirror().refresh().is_rebuilt
    assert_equal(current_mirror(), school)


def test_after_a_break_the_next_process_starts_with_a_new_file(school: Record) -> None:
    current_mirror().refresh()
    record_one(school, 1, user_id=1, module_id=1)
    with files_no_longer_than(4096), pytest.raises(MirrorBroken):
        current_mirror().refresh()
    close_mirrors()
    current_mirror().refresh()
    assert_equal(current_mirror(), school)


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """A disk as good as full: no file of this process can grow beyond the size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
