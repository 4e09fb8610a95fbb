"""Sessions, failed sign-ins, and facts about the record itself. Not mirrored."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, UtcTime


class SignInSession(Base):
    """One signed-in browser. Only a hash of its token is stored.

    `last_seen_at` is accurate to the minute. `browser` is a description such as “Firefox on Linux”, `address` the
    network that it signed in from. `failed_before` counts wrong passwords since the previous sign-in. While
    `must_change_password` is true, the session opens only the page that changes the password.
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

    `account` is a hash of the typed username, because people type passwords there. `browser` is the hash of the
    browser's mark, null if it does not know the account.
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
    """Whether someone else chose a person's password, and how often wrong ones were tried since the last sign-in.

    The newest of the `failed_count` failures was at `last_failed_at`.
    """

    __tablename__ = "password_states"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    must_be_changed: Mapped[bool] = mapped_column(default=False, server_default=false())
    failed_count: Mapped[int] = mapped_column(default=0, server_default="0")
    last_failed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class RecordInfo(Base):
    """One row about the record itself.

    `change_number` numbers SQLite's write transactions (PostgreSQL numbers its own). `structure_number` is the random
    mark of the last transaction that changed courses, units, modules or spans; unlike a number, it does not repeat in a
    restored record. `mirror_epoch` changes when rows are deleted, so that mirrors are rebuilt. `sample_loaded_at` is
    set if the record has the sample school. `classes_followed_at` is when enrolments last followed memberships.
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
