"""Counting in fixed windows: two numbers for each caller, by the monotonic clock.

The wall clock is set back now and then; a caller who had used up a minute's requests would wait for an hour.
"""

import time
from math import ceil
from typing import NamedTuple

_BETWEEN_SWEEPS = 60.0


class Count(NamedTuple):
    """After one more: whether it was within the quota, how many are left, and seconds until the window ends."""

    is_within: bool
    remaining: int
    reset_seconds: int


class Windows:
    """A window begins with its first count, and is forgotten when it has ended."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], tuple[float, int]] = {}  # when the window ends, and how many there were
        self._next_sweep = 0.0

    def count(self, kind: str, who: str, quota: int, seconds: int) -> Count:
        """One more of this kind by this caller. Those beyond the quota are not counted."""
        now = time.monotonic()
        self._sweep(now)
        ends, before = self._counts.get((kind, who), (0.0, 0))
        if ends <= now:
            ends, before = now + seconds, 0
        is_within = before < quota
        counted = before + is_within
        self._counts[kind, who] = (ends, counted)
        # Adding and taking away again can leave a hair more than the whole window.
        return Count(is_within, quota - counted, min(seconds, max(1, ceil(ends - now))))

    def _sweep(self, now: float) -> None:
        if now >= self._next_sweep:
            self._next_sweep = now + _BETWEEN_SWEEPS
            self._counts = {key: count for key, count in self._counts.items() if count[0] > now}
