"""What is taught and to whom: course → unit → module, classes with their teachers and learners, enrolments."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import CLUSTERED, Base, BigId, Mirrored, UtcTime, one_of

MODULE_KINDS = ("lecture", "reading", "assignment", "quiz", "exam", "activity")
COMPLETION_RULES = ("viewed", "watched", "submitted", "passed", "manual")
ENROLMENT_STATUSES = ("active", "completed", "dropped")


class Course(Mirrored, Base):
    """A course. With `provisions_xapi`, statements create unknown learners and videos of this course."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    external_id: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    provisions_xapi: Mapped[bool] = mapped_column(default=False, server_default=false())
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Unit(Mirrored, Base):
    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("course_id", "external_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    external_id: Mapped[str | None]
    title: Mapped[str]
    position: Mapped[int]


class Module(Mirrored, Base):
    """The smallest thing that can be completed. Hidden if `published_at` is null, upcoming while it lies ahead.

    `media_url` is the video that a lecture plays: a path on this site or an https URL.
    """

    __tablename__ = "modules"
    __table_args__ = (
        UniqueConstraint("course_id", "external_id"),
        one_of("kind", MODULE_KINDS),
        one_of("completion_rule", COMPLETION_RULES),
        one_of("score_rule", ("best", "latest")),
        CheckConstraint("kind <> 'lecture' or duration_seconds > 0", name="lecture_has_duration"),
        CheckConstraint("completion_rule <> 'watched' or duration_seconds > 0", name="watched_has_duration"),
        CheckConstraint("completion_rule <> 'passed' or pass_mark is not null", name="passed_has_pass_mark"),
        CheckConstraint("watched_threshold > 0 and watched_threshold <= 1", name="watched_threshold_is_share"),
        CheckConstraint("pass_mark between 0 and 100", name="pass_mark_is_percentage"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    external_id: Mapped[str | None]
    title: Mapped[str]
    kind: Mapped[str]
    position: Mapped[int]
    is_required: Mapped[bool] = mapped_column(default=True)
    duration_seconds: Mapped[float | None]
    media_url: Mapped[str | None]
    pass_mark: Mapped[float | None]
    completion_rule: Mapped[str]
    score_rule: Mapped[str] = mapped_column(default="best")
    watched_threshold: Mapped[float] = mapped_column(default=0.9)
    published_at: Mapped[datetime | None] = mapped_column(UtcTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ModuleSpan(Mirrored, Base):
    """A period in which a module counted (published, required, not retired); null `ends_at` means that it still does.

    A unit's or course's `completed_at` is the first moment at which everything that counted then was complete, so it
    depends on this history.
    """

    __tablename__ = "module_spans"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcTime, primary_key=True)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SchoolClass(Mirrored, Base):
    """A group of learners with their teachers who take one course together."""

    __tablename__ = "classes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Membership(Mirrored):
    """A stretch of days in a class, at its school: from `joined_on` to the day before `left_on`.

    A person can have several in one class, in succession or, if a roster says so twice, at once. None is deleted, so
    that the class's past stays; one that never began ends on its first day. `external_id` is the roster's row.
    """

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    external_id: Mapped[str | None] = mapped_column(index=True)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]


class ClassTeacher(Membership, Base):
    __tablename__ = "class_teachers"
    __table_args__ = (CheckConstraint("left_on >= joined_on", name="left_after_joining"),)


class ClassLearner(Membership, Base):
    __tablename__ = "class_learners"
    __table_args__ = (CheckConstraint("left_on >= joined_on", name="left_after_joining"),)


class Enrolment(Mirrored, Base):
    """A learner in a course. `completed_by`: whether the roll-up or the data's source completed it."""

    __tablename__ = "enrolments"
    __table_args__ = (
        one_of("status", ENROLMENT_STATUSES),
        one_of("completed_by", ("roll-up", "source")),
        CheckConstraint("(status = 'completed') = (completed_at is not null)", name="completed_has_date"),
        CheckConstraint("(status = 'completed') = (completed_by is not null)", name="completed_has_origin"),
        CheckConstraint("(status = 'dropped') = (dropped_at is not null)", name="dropped_has_date"),
        CLUSTERED,
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True, index=True)
    status: Mapped[str] = mapped_column(default="active")
    enrolled_at: Mapped[datetime] = mapped_column(UtcTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    completed_by: Mapped[str | None]
    dropped_at: Mapped[datetime | None] = mapped_column(UtcTime)
