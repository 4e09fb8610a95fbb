"""Module progress folded from many events at once, in columns. The rules are those of `fold`, which is the reference.

Pairs with watched stretches go through `fold` itself, since the moment at which enough was watched needs their order.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from progress import intervals
from progress.fold import Evidence, ModuleRule, fold

PAIR = ["user_id", "module_id"]
TIME = pl.Datetime("us")

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
    "score": pl.Float64,
    "is_passed": pl.Boolean,
    "attempts_count": pl.Int64,
    "position_seconds": pl.Float64,
    "watched_intervals": pl.String,
    "watched_share": pl.Float64,
    "reset_at": TIME,
}


def fold_set(events: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """Rows of `module_progress` (STATE_SCHEMA), one per learner and module among the events (EVIDENCE_SCHEMA)."""
    resets = events.filter(pl.col("kind") == "reset").group_by(PAIR).agg(reset_at=pl.col("occurred_at").max())
    watched = events.filter(pl.col("watched_intervals").is_not_null()).select(PAIR).unique()
    plain = events.join(watched, on=PAIR, how="anti") if watched.height else events
    folded = _fold_plain(plain, resets, rules)
    if watched.height:
        folded = pl.concat([folded, _fold_watched(events.join(watched, on=PAIR, how="semi"), rules)])
    return folded


def _fold_plain(events: pl.DataFrame, resets: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    counting = events.filter(pl.col("kind") != "reset")
    if resets.height:
        counting = counting.join(resets, on=PAIR, how="left").filter(
            pl.col("reset_at").is_null() | (pl.col("occurred_at") > pl.col("reset_at"))
        )
    ruled = counting.join(rules, on="module_id", how="left").with_columns(completes=_completes())
    pairs = events.select(PAIR).unique() if resets.height else None
    folded = ruled.group_by(PAIR).agg(
        started_at=pl.col("occurred_at").min(),
        completed_at=pl.col("occurred_at").filter(pl.col("completes")).min(),
        last_activity_at=pl.col("occurred_at").max(),
        best_score=pl.col("score").max(),
        submitted_count=(pl.col("kind") == "submitted").sum(),
        scored_count=(pl.col("kind") == "scored").sum(),
    )
    whole = folded if pairs is None else pairs.join(folded, on=PAIR, how="left")
    for column in ("score", "position_seconds"):
        whole = whole.join(_latest(ruled, column), on=PAIR, how="left")
    return _state(whole.join(resets, on=PAIR, how="left").join(rules, on="module_id", how="left"))


def _completes() -> pl.Expr:
    """As `fold.completes`."""
    kind, rule = pl.col("kind"), pl.col("completion_rule")
    by_learner = rule.is_in(["viewed", "watched", "manual"])
    by_word = (
        (pl.col("authority") == "staff") | by_learner | ((pl.col("authority") == "system") & (rule == "submitted"))
    )
    passes = (rule == "passed") & (pl.col("score") >= pl.col("pass_mark")).fill_null(False)
    return (
        ((kind == "viewed") & (rule == "viewed"))
        | ((kind == "completed") & by_word)
        | (kind.is_in(["submitted", "scored"]) & ((rule == "submitted") | passes))
    )


def _latest(events: pl.DataFrame, column: str) -> pl.DataFrame:
    """The column's value in the last event of each pair that has one, as `latest_<column>`."""
    having = events.filter(pl.col(column).is_not_null()).sort("occurred_at", "source", "event_id")
    return having.group_by(PAIR, maintain_order=True).agg(pl.col(column).last().alias(f"latest_{column}"))


def _state(folded: pl.DataFrame) -> pl.DataFrame:
    is_best = pl.col("score_rule") == "best"
    submitted = pl.col("submitted_count").fill_null(0)
    return (
        folded.with_columns(
            score=pl.when(is_best).then("best_score").otherwise("latest_score"),
            attempts_count=pl.when(submitted > 0).then(submitted).otherwise(pl.col("scored_count").fill_null(0)),
            position_seconds=pl.col("latest_position_seconds"),
            watched_intervals=pl.lit(None, pl.String),
            watched_share=pl.when(pl.col("duration_seconds") > 0).then(0.0),
            is_completed=pl.col("completed_at").is_not_null(),
        )
        .with_columns(
            is_passed=pl.col("score") >= pl.col("pass_mark"),
            completion_percentage=pl.when("is_completed").then(100.0).otherwise(0.0),
            status=pl.when("is_completed")
            .then(pl.lit("completed"))
            .when(pl.col("started_at").is_null())
            .then(pl.lit("not_started"))
            .otherwise(pl.lit("in_progress")),
        )
        .select(pl.col(name).cast(kind) for name, kind in STATE_SCHEMA.items())
    )


def _fold_watched(events: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    known = {row["module_id"]: ModuleRule(**_without(row, "module_id")) for row in rules.iter_rows(named=True)}
    return pl.DataFrame(list(_watched_rows(events, known)), schema=STATE_SCHEMA, orient="row")


def _watched_rows(events: pl.DataFrame, rules: dict[int, ModuleRule]) -> Iterator[tuple[Any, ...]]:
    fields = list(Evidence.__dataclass_fields__)
    for (user_id, module_id), pair in events.partition_by(PAIR, as_dict=True).items():
        evidence = [
            Evidence(**{**row, "watched_intervals": intervals.parse(row["watched_intervals"])})
            for row in pair.select(fields).iter_rows(named=True)
        ]
        state = vars(fold(rules[module_id], evidence))
        values = {**state, "watched_intervals": intervals.render(state["watched_intervals"])}
        yield (user_id, module_id, *(values[name] for name in STATE_SCHEMA if name not in PAIR))


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
