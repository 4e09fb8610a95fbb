"""Small versions of the benchmarks that `make test-thorough` runs in full: they work, and their claims hold here."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import crash, fairness, tabs


@pytest.fixture
def _limits_of_before() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("_limits_of_before")
def test_many_tabs_of_one_address_stay_open_side_by_side(tmp_path: Path) -> None:
    measured = tabs.measure(tmp_path, 24)
    assert measured["later"]["n"] == 24


def test_pages_of_one_account_that_hammer_leave_another_its_turn(tmp_path: Path) -> None:
    measured = fairness.measure(tmp_path, pages=12, runs=4)
    assert measured["meanwhile"]["n"] == 4
    assert measured["meanwhile"]["p50_ms"] < 1_000  # some thirty on a machine that does nothing else


def test_what_was_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    measured = crash.measure(tmp_path, kills=2)
    assert measured["acknowledged"] > 0
    assert (measured["lost"], measured["rebuild_check"]) == (0, "clean")
