"""The school's calendar: school years and terms, and in which of them each class is taught."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, BigId, Mirrored, UtcTime


class AcademicSession(Mirrored, Base):
    """A school year, a term or another period of the calendar. `ends_on` is its last day."""

    __tablename__ = "academic_sessions"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("academic_sessions.id"))
    school_year: Mapped[str | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ClassSession(Mirrored, Base):
    """A class is taught in this academic session."""

    __tablename__ = "class_sessions"

    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    academic_session_id: Mapped[int] = mapped_column(ForeignKey("academic_sessions.id"), primary_key=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
