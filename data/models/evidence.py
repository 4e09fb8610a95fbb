"""What happened, and how far that brought each learner: events, and the rows folded from them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import CLUSTERED, Base, BigId, Mirrored, UtcTime, one_of

EVENT_KINDS = ("played", "viewed", "completed", "submitted", "scored", "reset")
AUTHORITIES = ("learner", "staff", "system")
# What stands on their word, the learner did; except a reset, which is nobody's activity.
OWN_AUTHORITIES = ("learner", "system")
MODULE_STATUSES = ("not_started", "in_progress", "completed")


class ProgressEvent(Mirrored, Base):
    """Something that happened. Append-only; the same (source, event_id) is the same event.

    `occurred_at` is the time that counts: the reported time, or `received_at` where the report lay in the future
    (`reported_at` keeps what was said then, else it is null). `authority` says on whose word the event stands.
    `watched_intervals` is a JSON list of [from, to] seconds. `reason` is the note, and compulsory for a reset.
    """

    __tablename__ = "progress_events"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index(None, "user_id", "module_id"),
        one_of("kind", EVENT_KINDS),
        one_of("authority", AUTHORITIES),
        CheckConstraint("score between 0 and 100", name="score_is_percentage"),
        CheckConstraint("position_seconds >= 0", name="position_not_negative"),
        CheckConstraint("kind <> 'reset' or reason is not null", name="reset_has_reason"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str]
    event_id: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"))
    kind: Mapped[str]
    authority: Mapped[str]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
    reported_at: Mapped[datetime | None] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    score: Mapped[float | None]
    position_seconds: Mapped[float | None]
    watched_intervals: Mapped[str | None] = mapped_column(Text)
    interactions_count: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str | None] = mapped_column(Text)


class ModuleProgress(Mirrored, Base):
    """How far a learner has come in a module that he or she touched; without a row the module is not started.

    `score` is the one that counts by the module's rule; null is "not assessed". `is_passed` is null where there is
    no score or no pass mark. Events up to `reset_at` no longer count.

    `last_activity_at` is when the latest event that counts occurred, `last_own_activity_at` when the learner last did
    something, which no reset undoes. In units and courses both are the latest of their modules.
    """

    __tablename__ = "module_progress"
    __table_args__ = (
        one_of("status", MODULE_STATUSES),
        CheckConstraint("completion_percentage between 0 and 100", name="percentage_in_range"),
        CheckConstraint("(status = 'completed') = (completed_at is not null)", name="completed_has_date"),
        CheckConstraint("watched_share between 0 and 1", name="watched_share_is_share"),
        CLUSTERED,
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"), primary_key=True)
    status: Mapped[str]
    completion_percentage: Mapped[float]
    started_at: Mapped[datetime | None] = mapped_column(UtcTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_activity_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_own_activity_at: Mapped[datetime | None] = mapped_column(UtcTime)
    score: Mapped[float | None]
    is_passed: Mapped[bool | None]
    attempts_count: Mapped[int] = mapped_column(default=0)
    position_seconds: Mapped[float | None]
    watched_intervals: Mapped[str | None] = mapped_column(Text)
    watched_share: Mapped[float | None]
    reset_at: Mapped[datetime | None] = mapped_column(UtcTime)


def _counts_agree(done: str, total: str) -> CheckConstraint:
    return CheckConstraint(f"0 <= {done} and {done} <= {total}", name=f"{done}_within_total")


class UnitProgress(Mirrored, Base):
    """How far a learner has come in a unit: a row for every enrolled learner. 0 of 0 has no percentage.

    `completed_at` is when everything that counted was first complete, and stays; `last_completed_at` is the latest
    completion among the modules that count now.
    """

    __tablename__ = "unit_progress"
    __table_args__ = (
        _counts_agree("completed_modules_count", "total_modules"),
        CheckConstraint("(completion_percentage is null) = (total_modules = 0)", name="empty_has_no_percentage"),
        CheckConstraint("completion_percentage between 0 and 100", name="percentage_in_range"),
        CLUSTERED,
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    completion_percentage: Mapped[float | None]
    completed_modules_count: Mapped[int]
    total_modules: Mapped[int]
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_activity_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_own_activity_at: Mapped[datetime | None] = mapped_column(UtcTime)


class CourseProgress(Mirrored, Base):
    """How far a learner has come in a course: a row for every enrolled learner; modules are counted too."""

    __tablename__ = "course_progress"
    __table_args__ = (
        _counts_agree("completed_units_count", "total_units"),
        _counts_agree("completed_modules_count", "total_modules"),
        CheckConstraint("(completion_percentage is null) = (total_units = 0)", name="empty_has_no_percentage"),
        CheckConstraint("completion_percentage between 0 and 100", name="percentage_in_range"),
        CLUSTERED,
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    completion_percentage: Mapped[float | None]
    completed_units_count: Mapped[int]
    total_units: Mapped[int]
    completed_modules_count: Mapped[int]
    total_modules: Mapped[int]
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_activity_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_own_activity_at: Mapped[datetime | None] = mapped_column(UtcTime)
