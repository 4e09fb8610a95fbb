"""Rows of views about one learner each: those that the viewer may see and that match the filters."""

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import learner_question


def learner_rows(viewer: Viewer, view: str, order: str, **filters: int | None) -> pl.DataFrame:
    """The view's rows of learners whom the viewer may see that match every filter that is not None.

    A filter is a column of the view, or `class_id`: the class's current learners, in its course only.
    """
    given = {name: value for name, value in filters.items() if value is not None}
    return ask(viewer, learner_question(view, order, given), **given)
