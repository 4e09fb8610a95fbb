"""When a whole course is complete: the versions of its completion rule."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Mirrored, UtcTime, one_of

NEEDS = ("submitted", "passed")


class CourseCompletionRule(Mirrored, Base):
    """One version of a course's rule, in force from `created_at` until the next version.

    It requires `lecture_share` of the counting lectures, every key assignment, and `minimum_score` if given. If
    `applies_from` is null, it was also applied to earlier work. `completes_by_units`: the rule was removed, and all
    units must be complete, as without any rule.
    """

    __tablename__ = "course_completion_rules"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("lecture_share > 0 and lecture_share <= 1", name="lecture_share_is_share"),
        CheckConstraint("minimum_score between 0 and 100", name="minimum_score_is_percentage"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    lecture_share: Mapped[float | None]
    minimum_score: Mapped[float | None]
    completes_by_units: Mapped[bool] = mapped_column(default=False)
    applies_from: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class CourseKeyAssignment(Mirrored, Base):
    """A module that a version of the rule requires to be submitted or passed."""

    __tablename__ = "course_key_assignments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["course_id", "version"], ["course_completion_rules.course_id", "course_completion_rules.version"]
        ),
        one_of("needs", NEEDS),
    )

    course_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"), primary_key=True)
    needs: Mapped[str]
