"""Writing the audit trail in the transaction of the change itself, and removing old entries.

`trail` reads it. `reads` notes what people look at or export, without making them wait.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import delete, insert, select, update

from data.models import AuditEntry, AuditKeeping
from data.record import Transaction, current_record
from data.row import change_rows

SHORTEST_DAYS, LONGEST_DAYS = 30, 3_660

Detail: TypeAlias = str | int | bool | None

# The kinds of entries, and their names for people.
KINDS = {
    "sign_in.succeeded": "Signed in",
    "sign_in.failed": "Sign-in failed",
    "session.signed_out": "Signed out",
    "session.ended": "Session ended",
    "password.changed": "Own password changed",
    "password.refused": "Own password mistyped",
    "password.set": "Password set for someone",
    "account.added": "Account added",
    "account.closed": "Account closed",
    "account.opened": "Account opened again",
    "role.given": "Role given",
    "role.ended": "Role ended",
    "guardian.linked": "Guardian linked",
    "guardian.unlinked": "Guardian’s link ended",
    "token.made": "Access token made",
    "token.revoked": "Access token revoked",
    "import.applied": "Import applied",
    "export.taken": "Export taken",
    "progress.reset": "Progress set back",
    "completion_rule.changed": "Completion rule changed",
    "person.looked_up": "Person looked up",
    "backup.made": "Backup made",
    "backup.restored": "Backup restored",
    "school.changed": "School settings changed",
    "audit.kept_for": "Time of keeping changed",
    "audit.expired": "Old entries removed",
}


class ImpossibleDays(ValueError):
    def __init__(self, days: int) -> None:
        super().__init__(f"The audit trail can be kept for {SHORTEST_DAYS} to {LONGEST_DAYS:,} days, not {days:,}.")
        self.days = days


def note(
    tx: Transaction,
    kind: str,
    *,
    subject_id: int | None = None,
    by: int | None = None,
    address: str | None = None,
    **details: Detail,
) -> None:
    """Note a change in the transaction that makes it, so that both are stored or neither.

    `kind` is one of KINDS. `by` did it, by default the person on whose behalf the transaction writes; `subject_id` is
    the person concerned. Details are plain values, and never a password, a token or a part of one.
    """
    note_many(tx, kind, [{"subject_id": subject_id, "address": address, "details": details}], by=by)


def note_many(tx: Transaction, kind: str, rows: Iterable[Mapping[str, Any]], *, by: int | None = None) -> None:
    """Note one entry for each row, which may have `subject_id`, `address` and `details`."""
    assert kind in KINDS, f"{kind} is not among the kinds of entries"
    moment, actor_id = datetime.now(UTC), tx.by if by is None else by
    entries = [
        {
            "happened_at": moment,
            "kind": kind,
            "actor_id": actor_id,
            "subject_id": row.get("subject_id"),
            "address": row.get("address"),
            "details": json.dumps(row.get("details") or {}, ensure_ascii=False),
        }
        for row in rows
    ]
    change_rows(tx, _ADD, entries)


def days_kept() -> int:
    """The number of days for which entries are kept."""
    with current_record().reading() as connection:
        days: int = connection.execute(select(AuditKeeping.days)).scalar_one()
    return days


def keep_for(tx: Transaction, days: int) -> None:
    """Keep entries for this many days; older ones are removed at the next clean-up. Raises ImpossibleDays."""
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise ImpossibleDays(days)
    before = tx.execute(select(AuditKeeping.days)).scalar_one()
    if days != before:
        tx.execute(update(AuditKeeping).values(days=days))
        note(tx, "audit.kept_for", days_before=before, days=days)


def remove_expired(now: datetime) -> int:
    """Remove entries older than the school keeps them; notes and returns how many."""
    record = current_record()
    expired = AuditEntry.happened_at <= now - timedelta(days=days_kept(), minutes=1)
    with record.reading() as connection:
        if connection.execute(select(AuditEntry.id).where(expired).limit(1)).one_or_none() is None:
            return 0
    with record.writing() as tx:
        count: int = tx.execute(delete(AuditEntry).where(expired)).rowcount
        note(tx, "audit.expired", entries=count)
    return count


_ADD = insert(AuditEntry)
