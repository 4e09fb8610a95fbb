"""The titles behind the ids in progress rows."""

import polars as pl

from queries.asking.ask import ask_open


def subject_titles() -> pl.DataFrame:
    """One row per progress table and id in it, with the title of the module, unit or course."""
    return ask_open("""
        select 'module_progress' as "table", module_id as subject_id, module_title as subject_title from module
        union all
        select 'unit_progress', unit_id, unit_title from unit
        union all
        select unnest(['course_progress', 'enrolments']), course_id, course_title from course
    """)
