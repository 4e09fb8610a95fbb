"""Who did what to accounts, rights and data. Rows are append-only: the database itself refuses changes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, UtcTime


class AuditEntry(Base):
    """An action. `kind` is one of `progress.audit.noting.KINDS`, `details` a JSON object of plain values.

    `actor_id` did it (null: the command line or Waymark itself), `subject_id` is the person concerned. Triggers refuse
    every update, and deleting an entry younger than `AuditKeeping.days`.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    kind: Mapped[str] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str | None]
    details: Mapped[str] = mapped_column(Text, default="{}")


class AuditKeeping(Base):
    """One row: the number of days for which entries are kept.

    Not in `record_info`, because the triggers read it, and SQLite cannot recreate a table that a trigger reads.
    """

    __tablename__ = "audit_keeping"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("days >= 30", name="lasts"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    days: Mapped[int]
