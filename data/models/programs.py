"""What programs bring and are given: access tokens, and the xAPI statements that they sent. None of it is mirrored."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Text, UniqueConstraint, column
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


class XapiActor(Base):
    """Whom statements are about, as known when they were stored: once for all of them, or their index would be large.

    `external_id` is the learner's external id (`homePage|name`, or the mbox), `user_id` the learner where one is known.
    """

    __tablename__ = "xapi_actors"
    __table_args__ = (UniqueConstraint("external_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)


_VOIDS_SOMETHING: ColumnElement[bool] = column("voids").is_not(None)


class XapiStatement(Base):
    """A statement as it was sent; what the specification adds is known by the columns. `id` is the order of storing.

    `activity` is the id of its object, `voids` that of the statement that it voids. A voided statement stays and is
    shown no more.
    """

    __tablename__ = "xapi_statements"
    __table_args__ = (
        one_of("outcome", STATEMENT_OUTCOMES),
        Index(None, "actor_id", "id"),
        Index(None, "activity", "id"),
        Index(None, "voids", sqlite_where=_VOIDS_SOMETHING, postgresql_where=_VOIDS_SOMETHING),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    statement_id: Mapped[str] = mapped_column(unique=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("xapi_actors.id"))
    verb: Mapped[str]
    activity: Mapped[str | None]
    voids: Mapped[str | None]
    outcome: Mapped[str]
    happened_at: Mapped[datetime] = mapped_column(UtcTime)
    stored_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    is_voided: Mapped[bool] = mapped_column(default=False)
    statement: Mapped[str] = mapped_column(Text)
