"""The percentiles of measured durations that every benchmark prints."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Percentiles of a list of durations, in milliseconds."""

    n: int
    p50_ms: float
    p95_ms: float
    max_ms: float


def spread(seconds: list[float]) -> Spread:
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return Spread(len(ordered), *(round(1000 * ordered[round(last * share)], 2) for share in (0.5, 0.95, 1.0)))


def seconds_of(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
