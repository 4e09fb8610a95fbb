"""`GET /users/{id}/next`: the module that a learner continues with in each course, where in it, and why."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.answers.fields import Id, ShownPercentage, Time
from api.answers.problems import documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.visible import require_learner
from queries.asking.ask import as_of
from queries.clock_text import clock_text
from queries.next_module import continue_watching

NEXT_MODULE = APIRouter(route_class=SignedInRoute)


class NextModule(BaseModel):
    course_id: int = Field(examples=[3])
    course_external_id: str | None = Field(examples=["AAA-2013J"])
    course_title: str = Field(examples=["Algebra"])
    unit_id: int = Field(examples=[8])
    unit_title: str = Field(examples=["Linear equations"])
    module_id: int = Field(examples=[41])
    module_external_id: str | None = Field(examples=["lecture-4"])
    module_title: str = Field(examples=["Solving for x"])
    module_kind: str = Field(examples=["lecture"])
    position_seconds: float | None = Field(examples=[200.0], description="Where to resume; null: at the beginning.")
    duration_seconds: float | None = Field(examples=[600.0])
    media_url: str | None = Field(examples=["https://media.example/4.mp4"], description="The lecture's video.")
    shown_percentage: ShownPercentage
    last_activity_at: Time | None = Field(description="When the learner was last active in the course.")
    reason: Literal["resume", "next", "start"] = Field(
        examples=["resume"],
        description="resume: the lecture that was watched last and is not complete; next: the first module that is "
        "left; start: the same, in a course that was not begun.",
    )
    why: str = Field(examples=["You stopped at 3:20."], description="The reason in words.")


class NextModules(BaseModel):
    as_of: Time
    user_id: int = Field(examples=[17])
    next: list[NextModule]


@NEXT_MODULE.get(
    "/users/{user_id}/next",
    tags=["Progress"],
    summary="What a learner goes on with",
    responses=documented(401, 403, 404, 422, 429),
)
def next_of_user(viewer: SignedIn, user_id: Id) -> NextModules:
    """“Continue watching”: one module for each course in which something is left, the most recent course first.

    Courses that the learner dropped have none.
    """
    require_learner(viewer, user_id)
    rows = continue_watching(viewer, user_id).to_dicts()
    return NextModules(
        as_of=as_of(), user_id=user_id, next=[NextModule.model_validate({**row, "why": _why(row)}) for row in rows]
    )


def _why(row: dict[str, Any]) -> str:
    if row["reason"] == "resume":
        position = row["position_seconds"]
        return f"You stopped at {clock_text(position)}." if position else "You began this lecture."
    return f"{'Next' if row['reason'] == 'next' else 'Begin'} in unit “{row['unit_title']}”."
