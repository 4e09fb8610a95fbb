"""What programs bring and are given: access tokens, and the xAPI statements that they sent. None of it is mirrored."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, UtcTime, one_of

STATEMENT_OUTCOMES = ("recorded", "ignored")


class AccessToken(Base):
    """A personal access token: a program acts as its owner, within its scopes. Only a hash of it is stored.

    `hint` is its beginning, by which its owner knows it again. `scopes` are words with spaces between them.
    """

    __tablename__ = "access_tokens"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="expires_after_creation"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    hint: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)


class XapiStatement(Base):
    """A statement as it was sent; what the specification adds is known by the columns. `id` is the order of storing.

    `actor` is the learner's external id (`homePage|name`, or the mbox), `activity` the id of its object; `user_id` is
    the learner where one is known. A voided statement stays and is shown no more.
    """

    __tablename__ = "xapi_statements"
    __table_args__ = (
        one_of("outcome", STATEMENT_OUTCOMES),
        Index(None, "actor", "id"),
        Index(None, "activity", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    statement_id: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor: Mapped[str | None]
    verb: Mapped[str]
    activity: Mapped[str | None]
    outcome: Mapped[str]
    happened_at: Mapped[datetime] = mapped_column(UtcTime)
    stored_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    is_voided: Mapped[bool] = mapped_column(default=False)
    statement: Mapped[str] = mapped_column(Text)
