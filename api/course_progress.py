"""`GET /courses/{id}/progress`: how far the learners of a course have come, summed up and one by one."""

from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.fields import LARGEST_ID, ExactPercentage, Id, ShownPercentage, Time
from api.problems import NotFound, documented
from api.signed_in import SignedIn, SignedInRoute
from queries.ask import as_of
from queries.course_progress import course_progress, course_summary

COURSE_PROGRESS = APIRouter(route_class=SignedInRoute)


class CourseSummary(BaseModel):
    """Figures over those learners of the course whom you may see; dropped ones are counted apart and in no mean."""

    learners_count: int = Field(examples=[24], description="Not dropped: what the means divide by.")
    active_learners_count: int = Field(examples=[19], description="Did something this week.")
    completed_learners_count: int = Field(examples=[3])
    dropped_learners_count: int = Field(examples=[1])
    not_started_learners_count: int = Field(examples=[2])
    mean_percentage: float | None = Field(examples=[58.33])
    median_percentage: float | None = Field(examples=[60.0])


class LearnerOfCourse(BaseModel):
    user_id: int = Field(validation_alias="learner_id", examples=[17])
    user_external_id: str | None = Field(validation_alias="learner_external_id", examples=["28400"])
    full_name: str = Field(validation_alias="learner_name", examples=["Ada Lovelace"])
    enrolment_status: str = Field(examples=["active"])
    enrolled_at: Time
    dropped_at: Time | None
    completed_at: Time | None
    completion_percentage: ExactPercentage
    shown_percentage: ShownPercentage
    completed_units_count: int = Field(examples=[2])
    total_units: int = Field(examples=[3])
    completed_modules_count: int = Field(examples=[11])
    total_modules: int = Field(examples=[14])
    new_modules_count: int = Field(examples=[0])
    last_activity_at: Time | None


class CourseProgress(BaseModel):
    as_of: Time
    course_id: int = Field(examples=[3])
    course_external_id: str | None = Field(examples=["AAA-2013J"])
    course_title: str = Field(examples=["Algebra"])
    summary: CourseSummary
    learners: list[LearnerOfCourse]
    next_cursor: int | None = Field(
        examples=[118], description="Send it as `after` for the next page; null on the last."
    )


@COURSE_PROGRESS.get(
    "/courses/{course_id}/progress",
    tags=["Progress"],
    summary="A course’s learners",
    responses=documented(401, 404, 422),
)
def progress_of_course(
    viewer: SignedIn,
    course_id: Id,
    after: Annotated[int, Query(ge=0, le=LARGEST_ID, description="The `next_cursor` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500, description="Learners on a page.")] = 100,
) -> CourseProgress:
    """The course's learners whom you may see, by id, and a summary over all of them (not only over this page)."""
    summaries = course_summary(viewer, course_id=course_id).to_dicts()
    if not summaries:
        raise NotFound
    rows, next_cursor = _page(course_progress(viewer, course_id=course_id), after, limit)
    return CourseProgress(
        as_of=as_of(),
        summary=CourseSummary.model_validate(summaries[0]),
        learners=[LearnerOfCourse.model_validate(row) for row in rows],
        next_cursor=next_cursor,
        **{name: summaries[0][name] for name in ("course_id", "course_external_id", "course_title")},
    )


def _page(learners: pl.DataFrame, after: int, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """The learners after this id, and the id to go on after. Ids keep their order whatever changes between pages."""
    rows = learners.filter(pl.col("learner_id") > after).sort("learner_id").head(limit + 1).to_dicts()
    return rows[:limit], rows[limit - 1]["learner_id"] if len(rows) > limit else None
