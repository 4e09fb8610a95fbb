"""What the ids in progress rows are called."""

import polars as pl

from queries.asking.ask import ask_open


def subject_titles() -> pl.DataFrame:
    """One row per table of progress and id in it: the title of the module, unit or course that it is about."""
    return ask_open("""
        select 'module_progress' as "table", module_id as subject_id, module_title as subject_title from module
        union all
        select 'unit_progress', unit_id, unit_title from unit
        union all
        select unnest(['course_progress', 'enrolments']), course_id, course_title from course
    """)
