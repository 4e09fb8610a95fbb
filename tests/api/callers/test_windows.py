"""Requests are counted in windows that end in time, whatever happens to the clock on the wall."""

import time

import pytest

from api.callers.windows import Windows


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1_000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_quota_is_used_up_and_comes_back_with_the_next_window(clock: Clock) -> None:
    windows = Windows()
    counts = [windows.count("read", "ada", 2, 60) for _ in range(3)]
    assert [(count.is_within, count.remaining) for count in counts] == [(True, 1), (True, 0), (False, 0)]
    clock.seconds += 59.5
    assert windows.count("read", "ada", 2, 60) == (False, 0, 1)
    clock.seconds += 1
    assert windows.count("read", "ada", 2, 60) == (True, 1, 60)


def test_a_clock_on_the_wall_that_is_set_back_keeps_nobody_waiting(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = Windows()
    windows.count("read", "ada", 1, 60)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert windows.count("read", "ada", 1, 60).reset_seconds == 60
    clock.seconds += 60
    assert windows.count("read", "ada", 1, 60).is_within


def test_callers_and_kinds_are_counted_apart(clock: Clock) -> None:
    windows = Windows()
    assert all(windows.count(kind, who, 1, 60).is_within for kind in ("read", "export") for who in ("ada", "ben"))


def test_windows_that_have_ended_are_forgotten(clock: Clock) -> None:
    windows = Windows()
    for number in range(1_000):
        windows.count("read", f"address {number}", 1, 60)
    clock.seconds += 61
    windows.count("read", "ada", 1, 60)
    assert len(windows._counts) == 1


@pytest.mark.parametrize("begins", [0.1, 1_000.3, 7_654_321.7])
def test_no_window_says_that_it_lasts_longer_than_it_does(clock: Clock, begins: float) -> None:
    windows = Windows()
    for step in range(200):
        clock.seconds = begins + step * 61.7
        assert windows.count("read", "ada", 1, 60).reset_seconds == 60
