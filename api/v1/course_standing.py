"""One learner's progress in one course, as it is part of several answers."""

from pydantic import BaseModel, Field

from api.answers.fields import ExactPercentage, ShownPercentage, Time


class CourseCounts(BaseModel):
    """How far the learner has come in the course. `completed_at`, once earned, stays when new modules come."""

    enrolment_status: str = Field(examples=["active"], description="active, completed or dropped.")
    enrolled_at: Time
    dropped_at: Time | None
    completed_at: Time | None
    completion_percentage: ExactPercentage
    shown_percentage: ShownPercentage
    completed_units_count: int = Field(examples=[2])
    total_units: int = Field(examples=[3])
    completed_modules_count: int = Field(examples=[11])
    total_modules: int = Field(examples=[14])


class CourseStanding(CourseCounts):
    """The same, with what follows from it for people."""

    modules_percentage: ExactPercentage
    shown_modules_percentage: ShownPercentage
    status: str = Field(examples=["in_progress"], description="not_started, in_progress, completed or dropped.")
    new_modules_count: int = Field(examples=[0], description="Added since the learner completed the course.")
    last_activity_at: Time | None = Field(
        description="When the learner last did something in the course; what staff enter is no activity."
    )
