"""The list of consequences of changed progress, each for a few learners in memory and for many in columns.

To add one, write its two functions in the room where they belong and append an entry. They run in this order, in the
transaction that recorded the events, after the modules' progress is stored.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from data.record import Transaction
from progress.completion.course_shape import CourseShape
from progress.courses.completing_enrolments import complete_enrolments, complete_enrolments_in_memory
from progress.courses.last_activity import set_last_activity
from progress.courses.learner_roll_up import InModule, roll_up_modules
from progress.courses.roll_up import store_roll_up


@dataclass
class Changed:
    """A few modules, each a (learner, module) with the shape of its course.

    `moved` are those whose completion may have moved, `active` those whose last activity has. `course_rows` are the
    rows of `course_progress` as the roll-up has stored them.
    """

    moved: Mapping[InModule, CourseShape]
    active: Mapping[InModule, CourseShape]
    course_rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class ChangedFrames:
    """Many learners: (user_id, course_id) of those enrolled, and all of their modules' progress in these courses.

    `course_rows` are the rows of `course_progress` as the roll-up has stored them.
    """

    shapes: Sequence[CourseShape]
    enrolled: pl.DataFrame
    progress: pl.DataFrame
    course_rows: pl.DataFrame = field(default_factory=pl.DataFrame)


class Consequence(NamedTuple):
    """One consequence: `few` and `many` must have the same effect."""

    few: Callable[[Transaction, Changed], None]
    many: Callable[[Transaction, ChangedFrames], None]


def bring_about(tx: Transaction, changed: Changed) -> None:
    """Run all consequences for a few learners."""
    for consequence in CONSEQUENCES if changed.moved or changed.active else ():
        consequence.few(tx, changed)


def bring_about_in_columns(tx: Transaction, changed: ChangedFrames) -> None:
    """Run all consequences for many learners."""
    for consequence in CONSEQUENCES:
        consequence.many(tx, changed)


def _roll_up(tx: Transaction, changed: Changed) -> None:
    if changed.moved:
        changed.course_rows = roll_up_modules(tx, changed.moved)
    set_last_activity(tx, changed.active)


def _roll_up_in_columns(tx: Transaction, changed: ChangedFrames) -> None:
    changed.course_rows = store_roll_up(tx, changed.shapes, changed.enrolled, changed.progress)


CONSEQUENCES = (
    Consequence(_roll_up, _roll_up_in_columns),
    Consequence(
        lambda tx, changed: complete_enrolments_in_memory(tx, changed.course_rows),
        lambda tx, changed: complete_enrolments(tx, changed.course_rows),
    ),
)
