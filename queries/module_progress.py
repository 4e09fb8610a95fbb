"""Progress in single modules."""

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.learner_rows import learner_rows
from queries.asking.narrowing import of_learners


def module_progress(
    viewer: Viewer,
    *,
    learner_id: int | None = None,
    course_id: int | None = None,
    class_id: int | None = None,
    module_id: int | None = None,
    unit_id: int | None = None,
) -> pl.DataFrame:
    """One row per learner and module that is not hidden, even if untouched, in the order of the course."""
    return learner_rows(
        viewer,
        "module_progress",
        "course_id, learner_name, learner_id, unit_position, unit_id, module_position, module_id",
        learner_id=learner_id,
        course_id=course_id,
        class_id=class_id,
        module_id=module_id,
        unit_id=unit_id,
    )


def activities(viewer: Viewer, learner_id: int) -> pl.DataFrame:
    """The learner's modules of kind `activity` that are not hidden, by course and in its order.

    The columns of `module_progress`, and `course_title`.
    """
    sql = f"""
        {of_learners("module_progress", "{visible} and learner_id = $learner_id")}
        select m.*, c.course_title
        from module_progress as m
        join course as c on c.course_id = m.course_id
        where {{visible:m.learner_id}} and m.module_kind = 'activity'
        order by c.course_title, m.course_id, m.unit_position, m.unit_id, m.module_position, m.module_id
    """
    return ask(viewer, sql, learner_id=learner_id)
