"""Rows that hold until they end: a role, a guardian's link."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from data.record import Transaction


def open_link(tx: Transaction, model: Any, row: dict[str, Any], key: list[str]) -> bool:
    """Insert a link's row or reopen an ended one; returns whether it did not hold before."""
    is_same = [getattr(model, name) == row[name] for name in key]
    stood = tx.execute(select(model.ended_at.is_(None)).where(*is_same)).scalar()
    stamped = {**row, "changed_in": tx.number}
    changed = {name: value for name, value in stamped.items() if name not in key}
    tx.execute(insert_into(tx, model).values(stamped).on_conflict_do_update(index_elements=key, set_=changed))
    return not stood


def insert_into(tx: Transaction, model: Any) -> Any:
    """The dialect's insert that supports ON CONFLICT."""
    return sqlite.insert(model) if tx.is_sqlite else postgresql.insert(model)
