"""Rows of the views that tell of one learner each: the viewer's, and of these the ones that were asked for."""

import polars as pl

from data.viewer import Viewer
from queries.asking.ask import ask
from queries.asking.narrowing import learner_question


def learner_rows(viewer: Viewer, view: str, order: str, **filters: int | None) -> pl.DataFrame:
    """The view's rows of learners whom the viewer may see, where each filter that is not None holds.

    A filter is a column of the view, or `class_id`: the class's present learners, in its course alone.
    """
    given = {name: value for name, value in filters.items() if value is not None}
    return ask(viewer, learner_question(view, order, given), **given)
