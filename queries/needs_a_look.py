"""Which learners a teacher should look at today."""

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import narrowed


def needs_a_look(viewer: Viewer) -> pl.DataFrame:
    """One row per class that the viewer teaches and learner in it who needs a look, the most pressing first.

    These are learners who were inactive for 14 days, or are 25 points behind the class's median share of modules.
    Learners who completed or dropped the course, and courses that are over or have not begun, are left out.
    """
    of_classes = "learner_id in (select learner_id from main.class_learner where {taught})"
    sql = f"""
        {narrowed("needs_a_look", {"class_learner": "{taught}", "course_record": of_classes})}
        select * from needs_a_look
        where {{visible}} and {{taught}}
        order by is_quiet and is_behind desc, quiet_days desc, points_behind desc, learner_name, learner_id
    """
    return ask(viewer, sql)
