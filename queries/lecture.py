"""One lecture for the learner who watches it: where to resume, which parts were watched, and what completes it."""

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import of_learners


def lecture(viewer: Viewer, learner_id: int, module_id: int) -> pl.DataFrame:
    """The learner's row of `module_progress` with course_title, completion_rule and watched_threshold.

    Empty unless it is an open lecture in a course of this learner, whom the viewer may see.
    """
    sql = f"""
        {of_learners("module_progress", "{visible} and learner_id = $learner_id")}
        select p.*, c.course_title, m.completion_rule, m.watched_threshold
        from module_progress as p
        join module as m on m.module_id = p.module_id
        join course as c on c.course_id = p.course_id
        where {{visible:p.learner_id}} and p.module_id = $module_id
            and p.module_kind = 'lecture' and p.availability = 'open'
    """
    return ask(viewer, sql, learner_id=learner_id, module_id=module_id)
