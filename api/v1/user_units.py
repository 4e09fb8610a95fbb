"""`GET /users/{id}/courses/{id}/units…`: one learner's progress in a course's units, and in their modules."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.answers.fields import ExactPercentage, Id, ShownPercentage, Time
from api.answers.problems import NotFound, documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.user_progress import CourseOfLearner
from queries.asking.ask import as_of
from queries.course_progress import course_progress
from queries.module_progress import module_progress
from queries.unit_progress import unit_progress

USER_UNITS = APIRouter(route_class=SignedInRoute)


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


class ModuleOfLearner(BaseModel):
    """How far the learner is in a module. Where nothing was recorded, it is not_started and the facts are null."""

    module_id: int = Field(examples=[41])
    module_external_id: str | None = Field(examples=["lecture-4"])
    module_title: str = Field(examples=["Solving for x"])
    module_kind: str = Field(examples=["lecture"], description="lecture, reading, assignment, quiz, exam or activity.")
    module_position: int = Field(examples=[4])
    is_required: bool = Field(examples=[True], description="Optional modules are tracked and never count.")
    counts: bool = Field(examples=[True], description="Whether it counts now.")
    availability: str = Field(examples=["open"], description="open, upcoming or retired.")
    opens_at: Time
    status: str = Field(examples=["in_progress"], description="not_started, in_progress or completed.")
    completion_percentage: float = Field(examples=[40.5])
    shown_percentage: int = Field(examples=[40])
    started_at: Time | None
    completed_at: Time | None
    last_activity_at: Time | None = Field(description="When the latest event that counts occurred.")
    score: float | None = Field(examples=[None], description="0 to 100; null is “not assessed”.")
    pass_mark: float | None = Field(examples=[None])
    is_passed: bool | None = Field(examples=[None], description="Null without a score or a pass mark.")
    attempts_count: int = Field(examples=[0])
    position_seconds: float | None = Field(examples=[243.0], description="Where to resume; not how much was watched.")
    duration_seconds: float | None = Field(examples=[600.0])
    media_url: str | None = Field(examples=["https://media.example/4.mp4"], description="Null before it opens.")
    watched_share: float | None = Field(examples=[0.405], description="0 to 1, whatever was watched twice once.")
    watched_intervals: list[tuple[float, float]] = Field(
        examples=[[[0, 243]]], description="The stretches watched, in seconds from the start, in order, apart."
    )


class LearnerUnits(BaseModel):
    as_of: Time
    user_id: int = Field(examples=[17])
    course: CourseOfLearner
    units: list[UnitOfLearner]


class LearnerModules(BaseModel):
    as_of: Time
    user_id: int = Field(examples=[17])
    course_id: int = Field(examples=[3])
    unit: UnitOfLearner
    modules: list[ModuleOfLearner]


@USER_UNITS.get(
    "/users/{user_id}/courses/{course_id}/units",
    tags=["Progress"],
    summary="A learner’s units",
    responses=documented(401, 403, 404, 422, 429),
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
        course=CourseOfLearner.model_validate(courses[0]),
        units=[UnitOfLearner.model_validate(row) for row in units],
    )


@USER_UNITS.get(
    "/users/{user_id}/courses/{course_id}/units/{unit_id}/modules",
    tags=["Progress"],
    summary="A learner’s modules",
    responses=documented(401, 403, 404, 422, 429),
)
def user_modules(viewer: SignedIn, user_id: Id, course_id: Id, unit_id: Id) -> LearnerModules:
    """The modules of a unit in their order, untouched, upcoming and retired ones too, but no hidden ones."""
    units = unit_progress(viewer, learner_id=user_id, course_id=course_id).filter(unit_id=unit_id).to_dicts()
    if not units:
        raise NotFound
    modules = module_progress(viewer, learner_id=user_id, course_id=course_id, unit_id=unit_id).to_dicts()
    return LearnerModules(
        as_of=as_of(),
        user_id=user_id,
        course_id=course_id,
        unit=UnitOfLearner.model_validate(units[0]),
        modules=[_module(row) for row in modules],
    )


def _module(row: dict[str, Any]) -> ModuleOfLearner:
    return ModuleOfLearner.model_validate({**row, "watched_intervals": row["watched_intervals"] or []})
