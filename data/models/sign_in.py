"""Who is signed in, who guesses passwords, and what the record knows of itself. None of it is mirrored."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, UtcTime


class SignInSession(Base):
    """One signed-in browser. Only a hash of its token is stored.

    `last_seen_at` is right to the minute. `browser` are words such as “Firefox on
    Linux”, `address` is the network that it signed in from. `failed_before` counts the wrong passwords since the
    sign-in before. While `must_change_password` holds, the session opens nothing but the page that changes it.
    """

    __tablename__ = "sign_in_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcTime)
    browser: Mapped[str | None]
    address: Mapped[str | None]
    failed_before: Mapped[int] = mapped_column(default=0, server_default="0")
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())


class SignInAttempt(Base):
    """A failed sign-in, kept for as long as throttling looks back.

    `account` is a hash of the username as it was typed, because people type passwords there. `browser` is the hash of
    a known browser's mark, and empty where the browser does not know the account.
    """

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account: Mapped[str] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(index=True)
    browser: Mapped[str | None]
    form: Mapped[str | None]
    attempted_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class KnownBrowser(Base):
    """A browser in which someone has signed in before. Only a hash of its mark is stored."""

    __tablename__ = "known_browsers"

    mark_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    address: Mapped[str]
    last_signed_in_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class PasswordState(Base):
    """What else is known of a person's password: whether someone else chose it, and who tried it since.

    `failed_count` wrong passwords were tried since the last sign-in, the newest at `last_failed_at`.
    """

    __tablename__ = "password_states"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    must_be_changed: Mapped[bool] = mapped_column(default=False, server_default=false())
    failed_count: Mapped[int] = mapped_column(default=0, server_default="0")
    last_failed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class RecordInfo(Base):
    """One row about the record itself.

    `change_number` numbers SQLite's write transactions (PostgreSQL numbers its own). `structure_number` is the random
    mark of the last transaction that changed courses, units, modules or spans: a restored record, whose numbers come
    a second time, does not have the same again. `mirror_epoch` changes when rows were deleted, so that mirrors start
    afresh. `sample_loaded_at` is set while the sample school is in the record. `classes_followed_at`: enrolments are
    what membership of classes made of them at this moment.
    """

    __tablename__ = "record_info"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_uuid: Mapped[str]
    change_number: Mapped[int] = mapped_column(BigInteger)
    structure_number: Mapped[int] = mapped_column(BigInteger)
    mirror_epoch: Mapped[int] = mapped_column(BigInteger)
    sample_loaded_at: Mapped[datetime | None] = mapped_column(UtcTime)
    classes_followed_at: Mapped[datetime | None] = mapped_column(UtcTime)
