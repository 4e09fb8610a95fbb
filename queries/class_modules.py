"""The modules in which progress can be recorded for a class."""

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask


def class_modules(viewer: Viewer, class_id: int) -> pl.DataFrame:
    """The open and upcoming modules of the class's course, in its order; none unless the viewer teaches the class."""
    sql = """
        select
            s.class_id, s.class_name, u.unit_id, u.unit_title,
            m.module_id, m.module_title, m.completion_rule, m.score_rule, a.availability
        from school_class as s
        join module as m on m.course_id = s.course_id
        join module_state as a on a.module_id = m.module_id
        join unit as u on u.unit_id = m.unit_id
        where {taught:s.class_id} and s.class_id = $class_id and a.availability in ('open', 'upcoming')
        order by u.unit_position, u.unit_id, m.module_position, m.module_id
    """
    return ask(viewer, sql, class_id=class_id)
