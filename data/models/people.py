"""Schools, people, their roles, and who is whose guardian."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, Mirrored, UtcTime, one_of
from data.viewer import ROLES


class School(Mirrored, Base):
    """A school, or an organisation of schools; `kind` is the roster's word, such as "school" or "district"."""

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
    """A person. Learners of an imported data set have no username, so they cannot sign in."""

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
    """A roster's row about a role and its days, in the time zone of its school, else of the person's school.

    It begins on `begins_on` (null: always) and lasts until the day before `over_on`. `UserRole` says who has a role
    now; claims give and end roles when their days come, and `holds` is the state that was last applied.
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
    """A guardian's link to one child."""

    __tablename__ = "guardians"
    __table_args__ = (CheckConstraint("guardian_id <> learner_id", name="not_self"),)

    guardian_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    relationship: Mapped[str] = mapped_column(default="guardian")
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
