"""Statements into the table of statements, and the voiding of those that others void."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import func, or_, select, update

from data.bulk import matches_any, rows_where, upsert
from data.models import XapiActor, XapiStatement
from data.moments import naive_utc
from data.record import Transaction
from progress.completion.module_states import TIME
from progress.xapi.record.directory import Found
from progress.xapi.record.named_sets import with_named_sets
from progress.xapi.statement.incoming import Incoming
from progress.xapi.statement.statements import VOIDED

ROW_SCHEMA: dict[str, Any] = {
    "statement_id": pl.String,
    "user_id": pl.Int64,
    "actor": pl.String,
    "verb": pl.String,
    "activity": pl.String,
    "targets": pl.String,
    "outcome": pl.String,
    "happened_at": TIME,
    "named": pl.String,
    "statement": pl.String,
}

_ACTOR = ["actor", "user_id"]

# Courses are locked by their ids, which are positive.
LOCK_OF_STATEMENTS = -1


def lock_statements(tx: Transaction) -> None:
    """One writer of statements at a time, so that a reader of new statements never misses one that is being stored.

    SQLite has one writer anyway.
    """
    if not tx.is_sqlite:
        tx.execute(select(func.pg_advisory_xact_lock(LOCK_OF_STATEMENTS)))


def key_beside_a_hidden_one(statement_id: str, user_id: int) -> str:
    """Under what a person's statement is kept whose id a statement has that they may not know of.

    It is taken in as if there were no other: who sends it must not learn that there is one.
    """
    return f"{statement_id}@{user_id}"


def store_statements(
    tx: Transaction, items: Sequence[tuple[Incoming, Found]], recorded_by: int | None, stored_at: datetime
) -> None:
    """Keep new statements, in their order."""
    rows = [_row(item, found, stored_at) for item, found in items]
    store_rows(tx, pl.DataFrame(rows, schema=ROW_SCHEMA, orient="row"), recorded_by, stored_at)


def store_rows(tx: Transaction, rows: pl.DataFrame, recorded_by: int | None, stored_at: datetime) -> None:
    """The same in columns (ROW_SCHEMA). What they void, or what was voided before it came, is voided."""
    shared = {
        "stored_at": pl.lit(naive_utc(stored_at), TIME),
        "recorded_by": pl.lit(recorded_by, pl.Int64),
        "is_voided": pl.lit(False),
    }
    numbered = with_named_sets(tx, _with_actor_ids(tx, rows))
    upsert(tx, XapiStatement, numbered.with_columns(**shared))
    voids = rows.filter(pl.col("verb") == VOIDED)["targets"].drop_nulls()
    voided = {*voids, *_voided_before(tx, rows["statement_id"].sort().to_list())}
    if voided:
        is_target = matches_any(tx, XapiStatement.statement_id, voided) & (XapiStatement.verb != VOIDED)
        tx.execute(update(XapiStatement).where(is_target).values(is_voided=True))


def _row(item: Incoming, found: Found, stored_at: datetime) -> tuple[Any, ...]:
    return (
        item.id,
        found.user_id,
        item.actor.external_id,
        item.verb,
        item.activity,
        item.targets,
        "ignored" if found.module is None else "recorded",
        naive_utc(item.happened(stored_at)),
        item.named,
        item.text,
    )


def _voided_before(tx: Transaction, statement_ids: Iterable[str]) -> set[str]:
    targets = XapiStatement.targets
    if tx.execute(select(XapiStatement.id).where(targets.is_not(None)).limit(1)).first() is None:
        return set()
    voiding = select(targets).where(matches_any(tx, targets, statement_ids), XapiStatement.verb == VOIDED)
    return set(tx.execute(voiding).scalars())


def _with_actor_ids(tx: Transaction, rows: pl.DataFrame) -> pl.DataFrame:
    """`actor_id` in place of actor and user_id. Actors that are new are kept."""
    named = rows.select(_ACTOR).unique(maintain_order=True)
    new = named.join(_actors(tx, named), on=_ACTOR, how="anti", nulls_equal=True)
    upsert(tx, XapiActor, new.rename({"actor": "external_id"}))
    numbered = rows.join(_actors(tx, named), on=_ACTOR, how="left", nulls_equal=True, maintain_order="left")
    return numbered.drop(_ACTOR)


def _actors(tx: Transaction, named: pl.DataFrame) -> pl.DataFrame:
    """Those that are kept: user_id, actor, actor_id."""
    is_named = matches_any(tx, XapiActor.external_id, named["actor"].drop_nulls().unique())
    kept = select(XapiActor.user_id, XapiActor.external_id, XapiActor.id)
    schema = {"user_id": pl.Int64, "actor": pl.String, "actor_id": pl.Int64}
    return rows_where(tx, kept.where(or_(is_named, XapiActor.external_id.is_(None))), schema)
