"""Programs' access tokens, and the xAPI statements that they sent. Not mirrored."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Text, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import CLUSTERED, Base, BigId, UtcTime, one_of

STATEMENT_OUTCOMES = ("recorded", "ignored")
NAMED_ROLES = ("activity", "agent", "related_agent", "authority")


class AccessToken(Base):
    """A personal access token, with which a program acts as its owner within its scopes. Only a hash is stored.

    `hint` is its beginning, by which its owner recognises it. `scopes` are separated by spaces.
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
    """Whom statements are about, as known when they were stored; one row for all of them keeps their index small.

    `external_id` is the learner's external id (`homePage|name`, or the mbox), `user_id` the learner if known.
    """

    __tablename__ = "xapi_actors"
    __table_args__ = (UniqueConstraint("external_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)


class XapiNamedSet(Base):
    """What statements name apart from their actor and object activity; one row for all statements that name the same.

    `digest` is the SHA-256 of the names, by which a set is looked up.
    """

    __tablename__ = "xapi_named_sets"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)


class XapiNamed(Base):
    """One name of a set, in its role: an activity, an agent that the plain filter finds, or one that only
    `related_agents` finds. `name` is an activity's id or an agent's external id; long ones stand as their digests.
    """

    __tablename__ = "xapi_named"
    __table_args__ = (one_of("role", NAMED_ROLES), Index(None, "name", "role"), CLUSTERED)

    set_id: Mapped[int] = mapped_column(ForeignKey("xapi_named_sets.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)


_TARGETS_SOMETHING: ColumnElement[bool] = column("targets").is_not(None)
_NAMES_MORE: ColumnElement[bool] = column("named_set_id").is_not(None)


class XapiStatement(Base):
    """A statement as it was sent; what the specification adds is known by the columns. `id` is the order of storing.

    `activity` is the id of its object, `targets` the same where that is a statement, which it voids or says more of.
    `named_set_id` is the set of what it names besides; checking it as a reference would cost every statement some time.
    A voided statement stays and is shown no more.
    """

    __tablename__ = "xapi_statements"
    __table_args__ = (
        one_of("outcome", STATEMENT_OUTCOMES),
        Index(None, "actor_id", "id"),
        Index(None, "activity", "id"),
        Index(None, "targets", sqlite_where=_TARGETS_SOMETHING, postgresql_where=_TARGETS_SOMETHING),
        Index(None, "named_set_id", "id", sqlite_where=_NAMES_MORE, postgresql_where=_NAMES_MORE),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    statement_id: Mapped[str] = mapped_column(unique=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("xapi_actors.id"))
    verb: Mapped[str]
    activity: Mapped[str | None]
    targets: Mapped[str | None]
    named_set_id: Mapped[int | None] = mapped_column(BigId)
    outcome: Mapped[str]
    happened_at: Mapped[datetime] = mapped_column(UtcTime)
    stored_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    is_voided: Mapped[bool] = mapped_column(default=False)
    statement: Mapped[str] = mapped_column(Text)
