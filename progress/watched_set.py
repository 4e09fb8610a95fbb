"""What was watched of many lectures at once: the union of each learner's stretches, and when it had become enough.

The rules are those of `fold`, which is the reference; sums and unions go through the same functions, to the last bit.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain
from typing import Any

import orjson
import polars as pl

from progress.intervals import Interval, render, share, union

PAIR = ["user_id", "module_id"]
TIME = pl.Datetime("us")

Stretches = list[Interval]

WATCHED_SCHEMA: dict[str, Any] = {
    "user_id": pl.Int64,
    "module_id": pl.Int64,
    "watched_intervals": pl.String,
    "watched_share": pl.Float64,
    "watched_at": TIME,
}


def watched_set(events: pl.DataFrame) -> pl.DataFrame:
    """WATCHED_SCHEMA, one row per learner and module of which a stretch was watched.

    `events` are those that count, with the rules of their modules. `watched_at` is when the rule's share was reached.
    """
    watched = events.filter(pl.col("watched_intervals").is_not_null()).sort("occurred_at", "source", "event_id")
    pairs = watched.group_by(PAIR, maintain_order=True).agg(
        pl.col("occurred_at").cast(pl.Int64),
        "watched_intervals",
        pl.col("duration_seconds").first(),
        wanted_share=pl.col("watched_threshold").filter(pl.col("completion_rule") == "watched").first(),
    )
    numbers = {**WATCHED_SCHEMA, "watched_at": pl.Int64}
    return pl.DataFrame(list(_rows(pairs)), schema=numbers, orient="row").with_columns(pl.col("watched_at").cast(TIME))


def _rows(pairs: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    for user_id, module_id, times, texts, duration, wanted_share in pairs.iter_rows():
        stretches = orjson.loads(f"[{','.join(texts)}]")
        watched = _union(stretches, duration)
        reached = share(watched, duration) if duration else None
        is_enough = reached is not None and wanted_share is not None and reached >= wanted_share
        at = _reached_at(times, stretches, duration, wanted_share) if is_enough else None
        yield user_id, module_id, render(watched), reached, at


def _reached_at(times: list[int], stretches: list[Stretches], duration: float, wanted_share: float) -> int:
    """The time of the first event after which enough was watched. More events never make the share smaller."""

    def reached_after(count: int) -> float:
        return share(_union(stretches[:count], duration), duration)

    return times[bisect_left(range(1, len(times)), wanted_share, key=reached_after)]


def _union(stretches: list[Stretches], duration: float | None) -> tuple[Interval, ...]:
    # Players report all that was watched again and again; what is the same is looked at once.
    return union({(a, b) for a, b in chain.from_iterable(stretches)}, duration)
