"""Progress in the units of courses."""

import polars as pl

from data.viewer import Viewer
from queries.asking.learner_rows import learner_rows


def unit_progress(
    viewer: Viewer, *, learner_id: int | None = None, course_id: int | None = None, class_id: int | None = None
) -> pl.DataFrame:
    """One row per learner and unit, by course, name and position. `class_id`: its learners, in its course only."""
    order = "course_id, learner_name, learner_id, unit_position, unit_id"
    return learner_rows(viewer, "unit_progress", order, learner_id=learner_id, course_id=course_id, class_id=class_id)
