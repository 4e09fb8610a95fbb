"""Schools, the people in them, their roles, and who is whose guardian."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, Mirrored, UtcTime, one_of
from data.viewer import ROLES


class School(Mirrored, Base):
    """A school, or a body that schools belong to: `kind` is a word of the roster's, such as "school" or "district"."""

    __tablename__ = "schools"
    __table_args__ = (CheckConstraint("parent_id <> id", name="not_its_own_parent"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="school", server_default="school")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    time_zone: Mapped[str] = mapped_column(default="UTC")
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class User(Mirrored, Base):
    """A person. Learners of an imported data set have no username and cannot sign in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    external_id: Mapped[str | None] = mapped_column(unique=True)
    full_name: Mapped[str]
    username: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str | None]
    password_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class UserRole(Mirrored, Base):
    """One role of one person; a person can hold several. A role that ended keeps its row."""

    __tablename__ = "user_roles"
    __table_args__ = (one_of("role", ROLES),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class RoleClaim(Base):
    """A roster's row about a role and the days on which it holds, those of its school, else of the person's.

    It begins on `begins_on` (None: before anyone asked) and lasts until the day before `over_on`. `holds` is what was
    last made of it: who has a role now is `UserRole`'s to say, claims only give and end it as their days come.
    """

    __tablename__ = "role_claims"
    __table_args__ = (one_of("role", ROLES), CheckConstraint("over_on > begins_on", name="over_after_beginning"))

    external_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str]
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    begins_on: Mapped[date | None]
    over_on: Mapped[date | None]
    holds: Mapped[bool]


class Guardian(Mirrored, Base):
    """A parent's link to one child: every child and every guardian has a link of its own."""

    __tablename__ = "guardians"
    __table_args__ = (CheckConstraint("guardian_id <> learner_id", name="not_self"),)

    guardian_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    relationship: Mapped[str] = mapped_column(default="guardian")
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
