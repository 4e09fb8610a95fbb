"""Rows of the views that tell of one learner each: the viewer's, and of these the ones that were asked for."""

from collections.abc import Iterable

import polars as pl

from data.viewer import Viewer
from queries.ask import ask
from queries.narrowing import of_learners

_IN_CLASS = "learner_id in (select learner_id from main.class_learner where class_id = $class_id)"
_COURSE_OF_CLASS = "course_id = (select course_id from school_class where class_id = $class_id)"


def learner_rows(viewer: Viewer, view: str, order: str, **filters: int | None) -> pl.DataFrame:
    """The view's rows of learners whom the viewer may see, where each filter that is not None holds.

    A filter is a column of the view, or `class_id`: the class's present learners, in its course alone.
    """
    given = {name: value for name, value in filters.items() if value is not None}
    return ask(viewer, learner_question(view, order, given), **given)


def learner_question(view: str, order: str, filters: Iterable[str]) -> str:
    """The question of `learner_rows` itself, with the filters as its parameters."""
    of_whom = {"learner_id": "learner_id = $learner_id", "class_id": _IN_CLASS}
    of_what = {"class_id": _COURSE_OF_CLASS} | {name: f"{name} = ${name}" for name in filters if name != "class_id"}
    learners = ["{visible}", *(of_whom[name] for name in filters if name in of_whom)]
    rows = [of_what[name] for name in filters] or ["true"]
    return (
        f"{of_learners(view, ' and '.join(learners))} select * from {view} where {' and '.join(rows)} order by {order}"
    )
