"""Statements into the table of statements, and the voiding of those that others void."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import func, select, update

from data.bulk import matches_any, upsert
from data.models import XapiStatement
from data.record import Transaction
from progress.fold_set import TIME
from progress.moments import naive_utc
from progress.xapi.directory import Found
from progress.xapi.incoming import Incoming
from progress.xapi.statements import VOIDED

ROW_SCHEMA: dict[str, Any] = {
    "statement_id": pl.String,
    "user_id": pl.Int64,
    "actor": pl.String,
    "verb": pl.String,
    "activity": pl.String,
    "outcome": pl.String,
    "happened_at": TIME,
    "statement": pl.String,
}

# Courses are locked by their ids, which are positive.
_LOCK_OF_STATEMENTS = -1


def lock_statements(tx: Transaction) -> None:
    """One writer of statements after the other, so that whoever asks for what is new never misses what is just coming.

    SQLite has one writer anyway.
    """
    if not tx.is_sqlite:
        tx.execute(select(func.pg_advisory_xact_lock(_LOCK_OF_STATEMENTS)))


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
    upsert(tx, XapiStatement, rows.with_columns(**shared))
    voiding = rows.filter(pl.col("verb") == VOIDED)["activity"]
    voided = {*voiding.to_list(), *_voided_before(tx, rows["statement_id"].to_list())}
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
        "ignored" if found.module is None else "recorded",
        naive_utc(item.happened(stored_at)),
        item.text,
    )


def _voided_before(tx: Transaction, statement_ids: Iterable[str]) -> set[str]:
    voiding = select(XapiStatement.activity).where(
        XapiStatement.verb == VOIDED, matches_any(tx, XapiStatement.activity, statement_ids)
    )
    return set(tx.execute(voiding).scalars())
