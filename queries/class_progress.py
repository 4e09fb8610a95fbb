"""How far whole classes have come."""

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import BUSIEST_FIRST, narrowed


def class_progress(viewer: Viewer, *, busiest_first: bool = False) -> pl.DataFrame:
    """One row per class that the viewer teaches (every class for administrators), by name, including empty ones.

    `busiest_first` as in `course_summary`.
    """
    sql = f"""
        {narrowed("class_progress", {"school_class": "{taught}"})}
        select * from class_progress where {{taught}}
        order by {BUSIEST_FIRST if busiest_first else ""} class_name, class_id
    """
    return ask(viewer, sql)
