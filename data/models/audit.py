"""Who did what to accounts, rights and data. Rows are added and never changed: the database itself refuses it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, UtcTime


class AuditEntry(Base):
    """Something that was done. `kind` is one of `progress.audit.noting.KINDS`, `details` a JSON object of plain values.

    `actor_id` did it (nobody: the command line, or Waymark by itself), `subject_id` is whom it was about. Triggers
    refuse every update, and every delete of an entry that is younger than `AuditKeeping.days`.
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
    """One row: for how many days entries are kept.

    Not in `record_info`: the triggers read it, and SQLite lets no table be made anew that a trigger reads.
    """

    __tablename__ = "audit_keeping"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("days >= 30", name="lasts"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    days: Mapped[int]
