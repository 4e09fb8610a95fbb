"""Watched intervals of a lecture as unions of [from, to] in seconds. Knows nothing of completion rules."""

from collections.abc import Iterable

import orjson

Interval = tuple[float, float]

# An interval that ends beyond this multiple of the duration is in another unit, usually milliseconds. Cutting it to
# the duration would make the whole lecture watched, so it does not count at all.
_IMPLAUSIBLE_MULTIPLE = 2


def union(intervals: Iterable[Interval], duration: float | None = None) -> tuple[Interval, ...]:
    """The intervals in order, merged where they touch and cut to [0, duration]; empty and implausible ones vanish."""
    end = float("inf") if duration is None else duration
    implausible_end = _IMPLAUSIBLE_MULTIPLE * end
    merged: list[Interval] = []
    reached = -1.0
    for first, last in sorted(intervals):
        a, b = first if first > 0 else 0.0, last if last < end else end
        if b <= a or b <= reached or last > implausible_end:
            continue
        if a <= reached:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
        reached = b
    return tuple(merged)


def cut(position: float | None, duration: float | None) -> float | None:
    """The position, at most the lecture's end."""
    return duration if position is not None and duration and position > duration else position


def share(intervals: Iterable[Interval], duration: float) -> float:
    """The share (0–1) of the duration that a union covers."""
    return min(1.0, sum(b - a for a, b in intervals) / duration)


def parse(text: str | None) -> tuple[Interval, ...]:
    """The intervals of the stored JSON list; null stands for none."""
    return tuple((float(a), float(b)) for a, b in orjson.loads(text)) if text else ()


def render(intervals: Iterable[Interval]) -> str | None:
    """The JSON list to store; None if there are no intervals."""
    pairs = [(float(a), float(b)) for a, b in intervals]
    return orjson.dumps(pairs).decode() if pairs else None
