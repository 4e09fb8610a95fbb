"""Statements into the table of statements, and the voiding of those that others void."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import func, select, update

from data.bulk import matches_any, upsert
from data.models import XapiStatement
from data.record import Transaction
from progress.fold_set import TIME
from progress.xapi.directory import Found
from progress.xapi.incoming import Incoming
from progress.xapi.statements import VOIDED

_SCHEMA: dict[str, Any] = {
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
    """Keep new statements, in their order, and void what they void or what was voided before it came."""
    if not items:
        return
    columns = zip(*(_row(item, found, stored_at) for item, found in items), strict=True)
    frame = pl.DataFrame(dict(zip(_SCHEMA, map(list, columns), strict=True)), schema=_SCHEMA)
    shared = {
        "stored_at": pl.lit(_naive(stored_at), TIME),
        "recorded_by": pl.lit(recorded_by, pl.Int64),
        "is_voided": pl.lit(False),
    }
    upsert(tx, XapiStatement, frame.with_columns(**shared))
    voided = {item.voids for item, _ in items if item.voids} | _voided_before(tx, [item.id for item, _ in items])
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
        item.happened(stored_at).replace(tzinfo=None),
        item.text,
    )


def _voided_before(tx: Transaction, statement_ids: Iterable[str]) -> set[str]:
    voiding = select(XapiStatement.activity).where(
        XapiStatement.verb == VOIDED, matches_any(tx, XapiStatement.activity, statement_ids)
    )
    return set(tx.execute(voiding).scalars())


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
