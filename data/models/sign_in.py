"""Who is signed in, who guesses passwords, and what the record knows of itself. None of it is mirrored."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, UtcTime


class SignInSession(Base):
    """One signed-in browser. Only a hash of its token is stored."""

    __tablename__ = "sign_in_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SignInAttempt(Base):
    """A failed sign-in, kept for as long as throttling looks back."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(index=True)
    attempted_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class RecordInfo(Base):
    """One row about the record itself.

    `change_number` numbers SQLite's write transactions (PostgreSQL numbers its own). `structure_number` is the number
    of the last transaction that changed courses, units, modules or spans. `mirror_epoch` changes when rows were
    deleted, so that mirrors start afresh. `sample_loaded_at` is set while the sample school is in the record.
    """

    __tablename__ = "record_info"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_uuid: Mapped[str]
    change_number: Mapped[int] = mapped_column(BigInteger)
    structure_number: Mapped[int] = mapped_column(BigInteger)
    mirror_epoch: Mapped[int] = mapped_column(BigInteger)
    sample_loaded_at: Mapped[datetime | None] = mapped_column(UtcTime)
