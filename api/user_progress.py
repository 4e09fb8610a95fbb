"""`GET /users/{id}/…`: how far one learner has come, in courses and in the units of a course."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.fields import ExactPercentage, Id, ShownPercentage, Time
from api.problems import NotFound, documented
from api.signed_in import SignedIn, SignedInRoute
from data.viewer import Viewer
from queries.ask import as_of
from queries.course_progress import course_progress
from queries.people import learners
from queries.unit_progress import unit_progress

USER_PROGRESS = APIRouter(route_class=SignedInRoute)


class CourseOfLearner(BaseModel):
    """How far the learner has come in a course. `completed_at`, once earned, stays when new modules come."""

    course_id: int = Field(examples=[3])
    course_external_id: str | None = Field(examples=["AAA-2013J"])
    course_title: str = Field(examples=["Algebra"])
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
    new_modules_count: int = Field(examples=[0], description="Added since the learner completed the course.")
    last_activity_at: Time | None


class UnitOfLearner(BaseModel):
    unit_id: int = Field(examples=[8])
    unit_external_id: str | None = Field(examples=["unit-8"])
    unit_title: str = Field(examples=["Linear equations"])
    unit_position: int = Field(examples=[2])
    completion_percentage: ExactPercentage
    shown_percentage: ShownPercentage
    completed_modules_count: int = Field(examples=[2])
    total_modules: int = Field(examples=[3])
    completed_at: Time | None


class LearnerProgress(BaseModel):
    as_of: Time
    user_id: int = Field(examples=[17])
    courses: list[CourseOfLearner]


class LearnerUnits(BaseModel):
    as_of: Time
    user_id: int = Field(examples=[17])
    course: CourseOfLearner
    units: list[UnitOfLearner]


@USER_PROGRESS.get(
    "/users/{user_id}/progress", tags=["Progress"], summary="A learner’s courses", responses=documented(401, 404, 422)
)
def user_progress(viewer: SignedIn, user_id: Id) -> LearnerProgress:
    """The learner's courses, by title; none for a learner who is enrolled in none."""
    courses = course_progress(viewer, learner_id=user_id).to_dicts()
    if not courses and not _is_visible_learner(viewer, user_id):
        raise NotFound
    return LearnerProgress(as_of=as_of(), user_id=user_id, courses=[_course(row) for row in courses])


@USER_PROGRESS.get(
    "/users/{user_id}/courses/{course_id}/units",
    tags=["Progress"],
    summary="A learner’s units",
    responses=documented(401, 404, 422),
)
def user_units(viewer: SignedIn, user_id: Id, course_id: Id) -> LearnerUnits:
    """The units of one of the learner's courses, in their order."""
    courses = course_progress(viewer, learner_id=user_id, course_id=course_id).to_dicts()
    if not courses:
        raise NotFound
    units = unit_progress(viewer, learner_id=user_id, course_id=course_id).to_dicts()
    return LearnerUnits(
        as_of=as_of(),
        user_id=user_id,
        course=_course(courses[0]),
        units=[UnitOfLearner.model_validate(row) for row in units],
    )


def _course(row: dict[str, Any]) -> CourseOfLearner:
    return CourseOfLearner.model_validate(row)


def _is_visible_learner(viewer: Viewer, user_id: int) -> bool:
    return user_id in learners(viewer)["learner_id"]
