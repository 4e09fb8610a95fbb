"""The progress of many learners in many modules, computed from their events in columns. Same rules as `module_state`.

`watched_stretches` computes what was watched of lectures.
"""

from typing import Any

import polars as pl

from data.models.evidence import OWN_AUTHORITIES
from progress.completion.watched_stretches import PAIR, TIME, watched_by_pair

__all__ = ["EVIDENCE_SCHEMA", "PAIR", "RULE_SCHEMA", "STATE_SCHEMA", "TIME", "module_states"]

EVIDENCE_SCHEMA: dict[str, Any] = {
    "user_id": pl.Int64,
    "module_id": pl.Int64,
    "kind": pl.String,
    "occurred_at": TIME,
    "source": pl.String,
    "event_id": pl.String,
    "authority": pl.String,
    "score": pl.Float64,
    "position_seconds": pl.Float64,
    "watched_intervals": pl.String,
    "reported_at": TIME,
}

RULE_SCHEMA: dict[str, Any] = {
    "module_id": pl.Int64,
    "completion_rule": pl.String,
    "pass_mark": pl.Float64,
    "score_rule": pl.String,
    "watched_threshold": pl.Float64,
    "duration_seconds": pl.Float64,
}

STATE_SCHEMA: dict[str, Any] = {
    "user_id": pl.Int64,
    "module_id": pl.Int64,
    "status": pl.String,
    "completion_percentage": pl.Float64,
    "started_at": TIME,
    "completed_at": TIME,
    "last_activity_at": TIME,
    "last_own_activity_at": TIME,
    "score": pl.Float64,
    "is_passed": pl.Boolean,
    "attempts_count": pl.Int64,
    "position_seconds": pl.Float64,
    "watched_intervals": pl.String,
    "watched_share": pl.Float64,
    "reset_at": TIME,
}


def module_states(events: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """Rows of `module_progress` (STATE_SCHEMA), one per learner and module among the events (EVIDENCE_SCHEMA)."""
    counting, resets = _counting(events)
    ruled = counting.join(rules, on="module_id", how="left").with_columns(completes=_completes())
    folded = ruled.group_by(PAIR).agg(
        started_at=pl.col("occurred_at").min(),
        completed_by_event_at=pl.col("occurred_at").filter(pl.col("completes")).min(),
        last_activity_at=pl.col("occurred_at").max(),
        best_score=pl.col("score").max(),
        submitted_count=(pl.col("kind") == "submitted").sum(),
        scored_count=(pl.col("kind") == "scored").sum(),
    )
    whole = events.select(PAIR).unique().join(folded, on=PAIR, how="left") if resets.height else folded
    whole = whole.join(_last_own(events), on=PAIR, how="left")
    for column in ("score", "position_seconds"):
        whole = whole.join(_latest(ruled, column), on=PAIR, how="left")
    whole = whole.join(watched_by_pair(ruled), on=PAIR, how="left").join(resets, on=PAIR, how="left")
    return _state(whole.join(rules, on="module_id", how="left"))


def _counting(events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The events that no reset voids, and each pair's `reset_at`."""
    resets = events.filter(pl.col("kind") == "reset").group_by(PAIR).agg(reset_at=pl.col("occurred_at").max())
    counting = events.filter(pl.col("kind") != "reset")
    if resets.height:
        is_later = pl.col("reset_at").is_null() | (pl.col("occurred_at") > pl.col("reset_at"))
        counting = counting.join(resets, on=PAIR, how="left").filter(is_later).drop("reset_at")
    return counting, resets


def _last_own(events: pl.DataFrame) -> pl.DataFrame:
    """When each pair's learner last did something, as `Evidence.is_own` has it."""
    is_own = pl.col("authority").is_in(OWN_AUTHORITIES) & (pl.col("kind") != "reset")
    return events.filter(is_own).group_by(PAIR).agg(last_own_activity_at=pl.col("occurred_at").max())


def _completes() -> pl.Expr:
    """As `module_state.completes`."""
    kind, rule = pl.col("kind"), pl.col("completion_rule")
    anyone_can = rule.is_in(["viewed", "watched", "manual"])
    is_asserted = (
        (pl.col("authority") == "staff") | anyone_can | ((pl.col("authority") == "system") & (rule == "submitted"))
    )
    passes = (rule == "passed") & (pl.col("score") >= pl.col("pass_mark")).fill_null(False)
    return (
        ((kind == "viewed") & (rule == "viewed"))
        | ((kind == "completed") & is_asserted)
        | (kind.is_in(["submitted", "scored"]) & ((rule == "submitted") | passes))
    )


def _latest(events: pl.DataFrame, column: str) -> pl.DataFrame:
    """Each pair's last value in the column that is not null, as `latest_<column>`."""
    having = events.select(*PAIR, column, "occurred_at", "reported_at", "source", "event_id").drop_nulls(column)
    ordered = having.sort("occurred_at", pl.coalesce("reported_at", "occurred_at"), "source", "event_id")
    return ordered.group_by(PAIR).agg(pl.col(column).last().alias(f"latest_{column}"))


def _cut(position: str) -> pl.Expr:
    """As `intervals.cut`."""
    is_beyond = (pl.col("duration_seconds") > 0) & (pl.col(position) > pl.col("duration_seconds"))
    return pl.when(is_beyond).then("duration_seconds").otherwise(position)


def _state(folded: pl.DataFrame) -> pl.DataFrame:
    is_best = pl.col("score_rule") == "best"
    submitted = pl.col("submitted_count").fill_null(0)
    return (
        folded.with_columns(
            score=pl.when(is_best).then("best_score").otherwise("latest_score"),
            attempts_count=pl.when(submitted > 0).then(submitted).otherwise(pl.col("scored_count").fill_null(0)),
            position_seconds=_cut("latest_position_seconds"),
            watched_share=pl.when(pl.col("duration_seconds") > 0).then(pl.col("watched_share").fill_null(0.0)),
            completed_at=pl.min_horizontal("completed_by_event_at", "watched_at"),
        )
        .with_columns(is_completed=pl.col("completed_at").is_not_null())
        .with_columns(
            is_passed=pl.col("score") >= pl.col("pass_mark"),
            completion_percentage=pl.when("is_completed")
            .then(100.0)
            .otherwise(100 * pl.col("watched_share").fill_null(0.0)),
            status=pl.when("is_completed")
            .then(pl.lit("completed"))
            .when(pl.col("started_at").is_null())
            .then(pl.lit("not_started"))
            .otherwise(pl.lit("in_progress")),
        )
        .select(pl.col(name).cast(kind) for name, kind in STATE_SCHEMA.items())
    )
