"""`GET /users/{id}/progress`: one learner's progress in all courses and activities."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.answers.fields import Id, Time
from api.answers.problems import documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.course_standing import CourseStanding
from api.v1.visible import require_learner
from queries.asking.ask import as_of
from queries.course_progress import course_progress
from queries.module_progress import activities

USER_PROGRESS = APIRouter(route_class=SignedInRoute)


class CourseOfLearner(CourseStanding):
    course_id: int = Field(examples=[3])
    course_external_id: str | None = Field(examples=["AAA-2013J"])
    course_title: str = Field(examples=["Algebra"])


class ActivityOfLearner(BaseModel):
    """A module of kind `activity`, and how far the learner is in it."""

    module_id: int = Field(examples=[52])
    module_external_id: str | None = Field(examples=["fair"])
    module_title: str = Field(examples=["Science fair"])
    course_id: int = Field(examples=[3])
    course_title: str = Field(examples=["Algebra"])
    availability: str = Field(examples=["open"], description="open, upcoming or retired.")
    status: str = Field(examples=["completed"], description="not_started, in_progress or completed.")
    completion_percentage: float = Field(examples=[100.0])
    shown_percentage: int = Field(examples=[100])
    completed_at: Time | None


class LearnerProgress(BaseModel):
    as_of: Time
    user_id: int = Field(examples=[17])
    courses: list[CourseOfLearner]
    activities: list[ActivityOfLearner]


@USER_PROGRESS.get(
    "/users/{user_id}/progress",
    tags=["Progress"],
    summary="A learner’s courses and activities",
    responses=documented(401, 403, 404, 422, 429),
)
def user_progress(viewer: SignedIn, user_id: Id) -> LearnerProgress:
    """The learner's courses and activities, by title; none for a learner who is enrolled in nothing."""
    courses = course_progress(viewer, learner_id=user_id).to_dicts()
    if not courses:
        require_learner(viewer, user_id)
    return LearnerProgress(
        as_of=as_of(),
        user_id=user_id,
        courses=[CourseOfLearner.model_validate(row) for row in courses],
        activities=[ActivityOfLearner.model_validate(row) for row in activities(viewer, user_id).to_dicts()],
    )
