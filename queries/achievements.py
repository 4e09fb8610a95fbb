"""A learner's achievements, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import narrowed

AchievementType = Literal["module_complete", "unit_complete", "course_complete", "high_score"]

_OF_LEARNER = "{visible} and learner_id = $learner_id"
_INPUTS = ("course_record", "module_record", "progress_event", "unit_record")


@dataclass(frozen=True)
class Place:
    """Where a page ended: its last achievement. `earned_at` is naive UTC, as in frames."""

    earned_at: datetime
    achievement_type: str
    subject_id: int


def achievements(
    viewer: Viewer,
    learner_id: int,
    *,
    achievement_type: AchievementType | None = None,
    after: Place | None = None,
    limit: int | None = None,
) -> pl.DataFrame:
    """The learner's achievements, newest first; with `achievement_type` only those of this type."""
    wanted = "achievement_type = $achievement_type" if achievement_type else "true"
    further = """earned_at < $earned_at or earned_at = $earned_at
        and (achievement_type, subject_id) > ($last_type, $last_subject)"""
    sql = f"""
        {narrowed("achievement", dict.fromkeys(_INPUTS, _OF_LEARNER))}
        select * from achievement
        where {{visible}} and {wanted} and ({further if after else "true"})
        order by earned_at desc, achievement_type, subject_id
        limit $limit
    """
    given: dict[str, Any] = {"achievement_type": achievement_type} if achievement_type else {}
    if after:
        given |= {"earned_at": after.earned_at, "last_type": after.achievement_type, "last_subject": after.subject_id}
    return ask(viewer, sql, learner_id=learner_id, limit=limit, **given)
