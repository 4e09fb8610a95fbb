"""What a learner has completed, and when."""

from collections.abc import Sequence

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import of_learners


def milestone_timeline(
    viewer: Viewer,
    learner_id: int,
    *,
    course_id: int | None = None,
    subject_types: Sequence[str] | None = None,
    limit: int | None = None,
) -> pl.DataFrame:
    """The learner's completed modules, units and courses, newest first. `subject_types`: only these of the three."""
    sql = f"""
        {of_learners("milestone_timeline", "{visible} and learner_id = $learner_id")}
        select * from milestone_timeline
        where {{visible}} and ($course_id is null or course_id = $course_id)
            and ($subject_types is null or list_contains($subject_types, subject_type))
        order by occurred_at desc, subject_type, subject_id
        limit $limit
    """
    wanted = None if subject_types is None else list(subject_types)
    return ask(viewer, sql, learner_id=learner_id, course_id=course_id, subject_types=wanted, limit=limit)
