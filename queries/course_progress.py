"""Progress in whole courses, for each learner or summarised over all of them."""

from typing import Any

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask_about_no_one
from queries.asking.learner_rows import learner_rows
from queries.asking.narrowing import BUSIEST_FIRST, narrowed


def course_progress(
    viewer: Viewer, *, learner_id: int | None = None, course_id: int | None = None, class_id: int | None = None
) -> pl.DataFrame:
    """One row per learner and course, by course and name. `class_id`: the class's learners, in its course only."""
    order = "course_title, course_id, learner_name, learner_id"
    return learner_rows(viewer, "course_progress", order, learner_id=learner_id, course_id=course_id, class_id=class_id)


def course_summary(viewer: Viewer, *, course_id: int | None = None, busiest_first: bool = False) -> pl.DataFrame:
    """One row per course, by title: figures over those of its learners whom the viewer may see.

    `busiest_first`: those with learners active this week come first, then those begun, then those with learners.

    Courses without such a learner are left out, except for administrators.
    """
    wanted = "true" if course_id is None else "course_id = $course_id"
    sql = f"""
        {narrowed("course_summary", {"enrolment": f"{{visible}} and {wanted}"})}
        select * from course_summary
        where {wanted} and ($sees_everyone or course_id in (select course_id from enrolment))
        order by {BUSIEST_FIRST if busiest_first else ""} course_title, course_id
    """
    filters: dict[str, Any] = {} if course_id is None else {"course_id": course_id}
    return ask_about_no_one(viewer, sql, sees_everyone=viewer.sees_everyone, **filters)
