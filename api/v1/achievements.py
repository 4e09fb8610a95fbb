"""`GET /users/{id}/achievements`: what a learner has earned so far."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, NaiveDatetime, TypeAdapter

from api.answers.fields import Id, StrictId, Time
from api.answers.paging import Cursor, Limit, WrongCursor, cursor_of, place_of
from api.answers.problems import documented
from api.callers.signed_in import SignedIn, SignedInRoute
from api.v1.visible import require_learner
from queries.achievements import AchievementType, Place, achievements
from queries.asking.ask import as_of

ACHIEVEMENTS = APIRouter(route_class=SignedInRoute)

Type = Annotated[AchievementType | None, Query(alias="type", description="Only achievements of this type.")]

# The requested type, and the page's last achievement.
_PLACE: TypeAdapter[tuple[AchievementType | None, NaiveDatetime, AchievementType, int]] = TypeAdapter(
    tuple[AchievementType | None, NaiveDatetime, AchievementType, StrictId]
)


class Achievement(BaseModel):
    """Earned once, when what earned it happened; only a reset, which has its reason on record, takes it back."""

    achievement_type: AchievementType = Field(examples=["high_score"])
    course_id: int = Field(examples=[3])
    course_external_id: str | None = Field(examples=["AAA-2013J"])
    course_title: str = Field(examples=["Algebra"])
    subject_type: str = Field(examples=["module"], description="module, unit or course.")
    subject_id: int = Field(examples=[41])
    subject_external_id: str | None = Field(examples=["quiz-2"])
    subject_title: str = Field(examples=["Quiz 2"])
    earned_at: Time
    score: float | None = Field(
        examples=[92.5],
        description="Of a high score the first of 90 or more, of a completed module the score that counts, if any.",
    )


class Achievements(BaseModel):
    as_of: Time
    user_id: int = Field(examples=[17])
    achievements: list[Achievement]
    next_cursor: str | None = Field(
        examples=["W251bGwsIjIwMjYtMDMtMDJUMDg6MzA6MDAiLCJoaWdoX3Njb3JlIiw0MV0"],
        description="Send it as `cursor` for the next page; null on the last.",
    )


@ACHIEVEMENTS.get(
    "/users/{user_id}/achievements",
    tags=["Progress"],
    summary="A learner’s achievements",
    responses=documented(401, 403, 404, 422, 429),
)
def achievements_of_user(
    viewer: SignedIn,
    user_id: Id,
    achievement_type: Type = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Achievements:
    """What the learner has earned, the newest first; none for a learner who has completed nothing yet."""
    require_learner(viewer, user_id)
    after = _place(achievement_type, cursor) if cursor is not None else None
    rows = achievements(viewer, user_id, achievement_type=achievement_type, after=after, limit=limit + 1).to_dicts()
    return Achievements(
        as_of=as_of(),
        user_id=user_id,
        achievements=[Achievement.model_validate(row) for row in rows[:limit]],
        next_cursor=_cursor(achievement_type, rows[limit - 1]) if len(rows) > limit else None,
    )


def _cursor(asked: AchievementType | None, last: dict[str, Any]) -> str:
    return cursor_of(asked, last["earned_at"], last["achievement_type"], last["subject_id"])


def _place(asked: AchievementType | None, cursor: str) -> Place:
    begun_with, earned_at, achievement_type, subject_id = place_of(cursor, _PLACE)
    if begun_with != asked:
        raise WrongCursor(cursor)
    return Place(earned_at, achievement_type, subject_id)
