"""What many learners watched of many lectures: the union of each learner's intervals, and when it became enough.

The rules are those of `module_state`. Unions and sums go through the same functions, so results agree to the last bit.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import orjson
import polars as pl

from progress.completion.intervals import Interval, render, share, union

PAIR = ["user_id", "module_id"]
TIME = pl.Datetime("us")

WATCHED_SCHEMA: dict[str, Any] = {
    "user_id": pl.Int64,
    "module_id": pl.Int64,
    "watched_intervals": pl.String,
    "watched_share": pl.Float64,
    "watched_at": TIME,
}


def watched_by_pair(events: pl.DataFrame) -> pl.DataFrame:
    """One row (WATCHED_SCHEMA) for each learner and module with a watched interval.

    `events` are those that count, joined with their modules' rules. `watched_at` is when the rule's share was reached.
    """
    rule = ["duration_seconds", "completion_rule", "watched_threshold"]
    reports = events.select(*PAIR, "occurred_at", "watched_intervals", *rule).drop_nulls("watched_intervals")
    watched = reports.sort(*PAIR, "occurred_at")
    pairs = watched.group_by(PAIR, maintain_order=True).agg(
        pl.len(),
        pl.col("duration_seconds").first(),
        wanted_share=pl.col("watched_threshold").filter(pl.col("completion_rule") == "watched").first(),
    )
    numbers = {**WATCHED_SCHEMA, "watched_at": pl.Int64}
    rows = list(_rows(pairs, watched["occurred_at"].cast(pl.Int64).to_list(), watched["watched_intervals"].to_list()))
    return pl.DataFrame(rows, schema=numbers, orient="row").with_columns(pl.col("watched_at").cast(TIME))


def _rows(pairs: pl.DataFrame, times: list[int], texts: list[str]) -> Iterator[tuple[Any, ...]]:
    """`times` and `texts` hold the events of one pair after the other."""
    end = 0
    for user_id, module_id, count, duration, wanted_share in pairs.iter_rows():
        start, end = end, end + count
        reports = orjson.loads(f"[{','.join(texts[start:end])}]")
        # Players report everything watched so far each time, so each interval is kept once, with its first event.
        came_with = {(a, b): number for number in reversed(range(count)) for a, b in reports[number]}
        watched = union(came_with, duration)
        reached = share(watched, duration) if duration else None
        is_enough = reached is not None and wanted_share is not None and reached >= wanted_share
        at = times[start + _enough_with(came_with, count, duration, wanted_share)] if is_enough else None
        yield user_id, module_id, render(watched), reached, at


def _enough_with(came_with: dict[Interval, int], count: int, duration: float, wanted_share: float) -> int:
    """The index of the event with which enough was watched. Bisection works: more events never lower the share."""
    intervals = sorted(came_with)

    def reached_with(number: int) -> float:
        return share(union((each for each in intervals if came_with[each] <= number), duration), duration)

    return bisect_left(range(count - 1), wanted_share, key=reached_with)
