"""`GET /users/{id}/changes`: what has changed for a learner since their device last asked."""

from datetime import date
from typing import Annotated, Any, Literal

import polars as pl
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.answers.fields import ExactPercentage, Id, ShownPercentage, Time
from api.answers.problems import NotFound, WrongValue, documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.course_standing import CourseCounts
from queries.sync.changes import UnknownLearner, changes
from queries.sync.cursor import WrongCursor

MOST_ROWS = 1_000

CHANGES = APIRouter(route_class=SignedInRoute)


class CursorRefused(WrongValue):
    def __init__(self) -> None:
        words = "This is no cursor of this learner’s changes. Ask without one to get everything anew."
        super().__init__(("query", "since"), words)


class CourseOnDevice(CourseCounts):
    """A course that the learner is enrolled in, and how far the learner has come in it."""

    course_id: int = Field(examples=[3])
    course_external_id: str | None = Field(examples=["AAA-2013J"])
    course_title: str = Field(examples=["Algebra"])
    starts_on: date | None = Field(examples=["2026-01-05"])
    ends_on: date | None = Field(examples=["2026-03-27"])


class UnitOnDevice(BaseModel):
    """A unit of such a course, and how far the learner has come in it."""

    unit_id: int = Field(examples=[8])
    course_id: int = Field(examples=[3])
    unit_external_id: str | None = Field(examples=["unit-8"])
    unit_title: str = Field(examples=["Linear equations"])
    unit_position: int = Field(examples=[2])
    completed_at: Time | None
    completion_percentage: ExactPercentage
    shown_percentage: ShownPercentage
    completed_modules_count: int = Field(examples=[2])
    total_modules: int = Field(examples=[3])


class ModuleOnDevice(BaseModel):
    """A module of such a unit, and how far the learner has come in it; never a hidden one."""

    module_id: int = Field(examples=[21])
    unit_id: int = Field(examples=[8])
    course_id: int = Field(examples=[3])
    module_external_id: str | None = Field(examples=["video-21"])
    module_title: str = Field(examples=["What is a line?"])
    module_kind: str = Field(examples=["lecture"])
    module_position: int = Field(examples=[1])
    is_required: bool = Field(examples=[True])
    counts: bool = Field(examples=[True], description="Whether it counts now, on both sides of the fraction.")
    availability: Literal["open", "upcoming", "retired"] = Field(examples=["open"], description="As of `as_of`.")
    opens_at: Time
    retired_at: Time | None
    pass_mark: float | None = Field(examples=[None])
    duration_seconds: float | None = Field(examples=[340.0])
    media_url: str | None = Field(examples=["https://videos.example/21.mp4"], description="Null before it opens.")
    status: str = Field(examples=["in_progress"], description="not_started, in_progress or completed.")
    started_at: Time | None
    completed_at: Time | None
    last_activity_at: Time | None = Field(description="When the latest event that counts occurred.")
    completion_percentage: ExactPercentage
    shown_percentage: ShownPercentage
    score: float | None = Field(examples=[None])
    is_passed: bool | None = Field(examples=[None])
    attempts_count: int = Field(examples=[0])
    position_seconds: float | None = Field(examples=[95.5], description="Where to resume.")
    watched_intervals: list[tuple[float, float]] | None = Field(
        examples=[[[0, 95.5]]], description="What was watched at least once, on any device, in seconds."
    )
    watched_share: float | None = Field(examples=[0.28])


class LearnerChanges(BaseModel):
    as_of: Time
    user_id: int = Field(examples=[17])
    is_complete: bool = Field(
        examples=[False], description="Everything begins anew here: forget what you hold before taking this over."
    )
    courses: list[CourseOnDevice]
    units: list[UnitOnDevice]
    modules: list[ModuleOnDevice]
    removed_modules: list[int] = Field(
        examples=[[]], description="Ids of modules that are hidden now: forget them, if you know them."
    )
    has_more: bool = Field(examples=[False], description="There is more already: ask again at once, with the cursor.")
    cursor: str = Field(examples=["MX42M34wY2I0NX4"], description="Keep it, and send it as `since` next time.")


@CHANGES.get(
    "/users/{user_id}/changes",
    tags=["Progress"],
    summary="What changed for a learner",
    responses=documented(401, 403, 404, 422, 429),
)
def changes_for_learner(
    viewer: SignedIn,
    user_id: Id,
    since: Annotated[
        str | None, Query(max_length=8_000, description="The `cursor` of the answer before; none the first time.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows in an answer, of all kinds together.")] = 500,
) -> LearnerChanges:
    """For a device that keeps a learner's progress: the rows that changed since it last asked, each of them whole.

    Put each row over the one with the same id, drop `removed_modules`, keep the cursor, and go on while `has_more`.
    Then the device holds what the pages show, as of `as_of`; before that, some rows may be newer than others. The
    same row may come again. Without a cursor, after the record was restored from a backup, or after rows were taken
    out of it, everything comes anew: the first answer then says `is_complete`. Courses, units and retired modules are
    never removed. What was done offline is sent with `POST /events`, in any order and as often as it takes.
    """
    try:
        page = changes(viewer, user_id, since=since, limit=limit)
    except UnknownLearner:
        raise NotFound from None
    except WrongCursor:
        raise CursorRefused from None
    shown = page.rows.filter(pl.col("availability").ne_missing("hidden"))
    removed = page.rows.filter(pl.col("availability") == "hidden")
    return LearnerChanges(
        as_of=page.as_of,
        user_id=user_id,
        is_complete=page.is_complete,
        courses=[CourseOnDevice.model_validate(row) for row in _of(shown, "course")],
        units=[UnitOnDevice.model_validate(row) for row in _of(shown, "unit")],
        modules=[ModuleOnDevice.model_validate(row) for row in _of(shown, "module")],
        removed_modules=removed["module_id"].to_list(),
        has_more=page.has_more,
        cursor=page.cursor,
    )


def _of(rows: pl.DataFrame, subject_type: str) -> list[dict[str, Any]]:
    return rows.filter(pl.col("subject_type") == subject_type).to_dicts()
