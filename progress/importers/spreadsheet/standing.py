"""Learners' percentages in courses as pages show them, to say what an import changes. Read-only."""

from collections.abc import Mapping

from sqlalchemy import select

from data.bulk import matches_any
from data.models import CourseProgress
from data.record import Transaction

# The shown percentage by (learner, course); absent without a row, or if nothing counts in the course.
Standings = Mapping[tuple[int, int], int]


def standings(tx: Transaction, pairs: set[tuple[int, int]]) -> Standings:
    """The current percentages of these learners in these courses."""
    rows = tx.execute(
        select(
            CourseProgress.user_id,
            CourseProgress.course_id,
            CourseProgress.completed_units_count,
            CourseProgress.total_units,
        ).where(
            matches_any(tx, CourseProgress.user_id, {learner for learner, _ in pairs}),
            matches_any(tx, CourseProgress.course_id, {course for _, course in pairs}),
        )
    )
    return {
        (row.user_id, row.course_id): _shown(row.completed_units_count, row.total_units)
        for row in rows
        if row.total_units
    }


def _shown(done: int, total: int) -> int:
    """Rounded down, but at least 1 once something is done; same as `shown_percentage` in the views."""
    return max(100 * done // total, min(done, 1))
