"""Watched stretches of a lecture as unions of [from, to] seconds. No rules of completion in here."""

from collections.abc import Iterable

import orjson

Interval = tuple[float, float]


# What ends beyond so many times the duration is in another unit, usually milliseconds, and does not count as watched.
_MOST_TIMES_THE_DURATION = 2


def union(intervals: Iterable[Interval], duration: float | None = None) -> tuple[Interval, ...]:
    """The intervals merged where they touch, in order, cut to [0, duration]. Empty stretches vanish.

    So does one that runs beyond twice the duration: it cannot be in seconds, and would make any lecture a watched one.
    """
    end = float("inf") if duration is None else duration
    most = _MOST_TIMES_THE_DURATION * end
    merged: list[Interval] = []
    reached = -1.0
    for first, last in sorted(intervals):
        a, b = first if first > 0 else 0.0, last if last < end else end
        if b <= a or b <= reached or last > most:
            continue
        if a <= reached:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
        reached = b
    return tuple(merged)


def cut(position: float | None, duration: float | None) -> float | None:
    """The position, or the lecture's end where it lies beyond."""
    return duration if position is not None and duration and position > duration else position


def share(intervals: Iterable[Interval], duration: float) -> float:
    """Which share (0–1) of the duration a union covers."""
    return min(1.0, sum(b - a for a, b in intervals) / duration)


def parse(text: str | None) -> tuple[Interval, ...]:
    """The stored JSON list as intervals; null is none."""
    return tuple((float(a), float(b)) for a, b in orjson.loads(text)) if text else ()


def render(intervals: Iterable[Interval]) -> str | None:
    """Intervals as the JSON list that is stored; none is null."""
    listed = [(float(a), float(b)) for a, b in intervals]
    return orjson.dumps(listed).decode() if listed else None
