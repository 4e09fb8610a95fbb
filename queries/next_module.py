"""What a learner continues with: in each course the lecture that they began, or else the first module left."""

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import of_learners


def continue_watching(viewer: Viewer, learner_id: int) -> pl.DataFrame:
    """One row per course that the learner has not dropped and in which something is left, the most recent course first.

    `reason` is "resume" for the open lecture, required or not, that the learner watched last and has not completed;
    it continues at `position_seconds` (null: from the beginning). Else it is the first open module that counts and is
    not complete: "next", or "start" in a course that was not begun. `shown_percentage` is the module's,
    `last_activity_at` the course's.
    """
    sql = f"""
        {of_learners("next_module", "{visible} and learner_id = $learner_id")}
        select * from next_module where {{visible}}
        order by last_activity_at desc nulls last, course_title, course_id
    """
    return ask(viewer, sql, learner_id=learner_id)
