"""What is taught: courses, and the units and modules in them."""

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask_about_no_one
from queries.asking.narrowing import BUSIEST_FIRST, narrowed


def courses(viewer: Viewer, *, busiest_first: bool = False) -> pl.DataFrame:
    """The courses in which the viewer may see a learner (every course for administrators), by title.

    Those that the school has ended are left out: nobody chooses them any more, and their learners keep what they did.
    `busiest_first` as in `course_summary`.
    """
    sql = f"""
        {narrowed("course_summary", {"enrolment": "{visible}"}) if busiest_first else ""}
        select c.course_id, c.course_external_id, c.course_title, c.starts_on, c.ends_on from course as c
        {"join course_summary as s on s.course_id = c.course_id" if busiest_first else ""}
        where c.ended_at is null
            and ($sees_everyone or c.course_id in (select course_id from enrolment where {{visible}}))
        order by {BUSIEST_FIRST if busiest_first else ""} c.course_title, c.course_id
    """
    return ask_about_no_one(viewer, sql, sees_everyone=viewer.sees_everyone)


def modules(viewer: Viewer, course_id: int) -> pl.DataFrame:
    """The course's modules in its order, hidden, upcoming and retired too; none unless the viewer sees a learner."""
    sql = """
        select u.unit_id, u.unit_title, m.module_id, m.module_title, m.module_kind, m.completion_rule,
            s.availability, m.is_required
        from module as m
        join module_state as s on s.module_id = m.module_id
        join unit as u on u.unit_id = m.unit_id
        where m.course_id = $course_id
            and ($sees_everyone or m.course_id in (select course_id from enrolment where {visible}))
        order by u.unit_position, u.unit_id, m.module_position, m.module_id
    """
    return ask_about_no_one(viewer, sql, course_id=course_id, sees_everyone=viewer.sees_everyone)
