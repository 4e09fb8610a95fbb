"""Whole views to export: the rows that the viewer may see, in frames that fit into memory.

Rows and figures are those of the typed questions of the same name. `formats` and `workbook` write them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from data.viewer import Viewer
from queries.asking.narrowing import learner_question, of_learners
from queries.asking.one_state import Ask, asking_one_state
from queries.class_progress import class_progress
from queries.course_progress import course_summary

LEARNERS_AT_ONCE = 500

Filters = Mapping[str, int]


@dataclass
class UnknownExport(Exception):
    what: str


@dataclass
class FilterNotTaken(Exception):
    """This export does not have this filter."""

    what: str
    filter: str


def exported(viewer: Viewer, what: str, filters: Filters) -> Iterator[pl.DataFrame]:
    """The rows in order, in one or more frames with the same columns, even if there are no rows.

    `filters` can have `course_id`, `class_id` (its current learners, in its course only) and `learner_id`. Raises
    UnknownExport and FilterNotTaken immediately.
    """
    if what not in EXPORTS:
        raise UnknownExport(what)
    export = EXPORTS[what]
    for name in filters:
        if name not in export.filters:
            raise FilterNotTaken(what, name)
    return export.frames(viewer, filters)


@dataclass(frozen=True)
class Export:
    frames: Callable[[Viewer, Filters], Iterator[pl.DataFrame]]
    filters: tuple[str, ...]


def _of_learners(question: str) -> Export:
    """An export asked by course for some hundreds of learners at a time, so that sorting needs little memory."""

    def frames(viewer: Viewer, filters: Filters) -> Iterator[pl.DataFrame]:
        with asking_one_state(viewer) as ask:
            yield pl.DataFrame(ask(question, course_id=0, learner_ids=[]).read_all())
            for course_id, learner_ids in _parts(ask, filters):
                yield from map(pl.DataFrame, ask(question, course_id=course_id, learner_ids=learner_ids))

    return Export(frames, ("course_id", "class_id", "learner_id"))


def _parts(ask: Ask, filters: Filters) -> Iterator[tuple[int, list[int]]]:
    order = "course_title, course_id, learner_name, learner_id"
    batches = ask(learner_question("course_progress", order, filters), **filters)
    found = pl.concat([pl.DataFrame(batch).select("course_id", "learner_id") for batch in batches] or [_NOBODY])
    for (course_id,), learners in found.group_by("course_id", maintain_order=True):
        for some in learners.iter_slices(LEARNERS_AT_ONCE):
            yield course_id, some["learner_id"].to_list()


_NOBODY = pl.DataFrame(schema={"course_id": pl.Int64, "learner_id": pl.Int64})
_ASKED_FOR = "{visible} and learner_id = any($learner_ids::bigint[])"


def _view_of_learners(view: str, order: str) -> Export:
    asked = of_learners(view, _ASKED_FOR)
    return _of_learners(f"{asked} select * from {view} where {{visible}} and course_id = $course_id order by {order}")


def _summary(question: Callable[[Viewer], pl.DataFrame], *filters: str) -> Export:
    """An export with a row per course or class, which fits into memory."""

    def frames(viewer: Viewer, given: Filters) -> Iterator[pl.DataFrame]:
        yield question(viewer).filter(*(pl.col(name) == value for name, value in given.items()))

    return Export(frames, filters)


# Without staff's notes, which can be about other people.
_EVENTS = """
    select
        e.progress_event_id, e.event_source, e.event_id,
        e.learner_id, p.external_id as learner_external_id, p.full_name as learner_name,
        m.course_id, c.course_external_id, c.course_title,
        m.unit_id, u.unit_title, e.module_id, m.module_external_id, m.module_title, m.module_kind,
        e.event_kind, e.authority, e.recorded_by, e.occurred_at, e.reported_at, e.received_at,
        e.score, e.position_seconds, e.watched_intervals, e.interactions_count
    from progress_event as e
    join module as m on m.module_id = e.module_id
    join unit as u on u.unit_id = m.unit_id
    join course as c on c.course_id = m.course_id
    join person as p on p.user_id = e.learner_id
    where {visible:e.learner_id} and e.learner_id = any($learner_ids::bigint[]) and m.course_id = $course_id
    order by learner_name, e.learner_id, e.occurred_at, e.progress_event_id
"""
_IN_COURSE = "unit_position, unit_id"

EXPORTS = {
    "course_progress": _view_of_learners("course_progress", "learner_name, learner_id"),
    "unit_progress": _view_of_learners("unit_progress", f"learner_name, learner_id, {_IN_COURSE}"),
    "module_progress": _view_of_learners(
        "module_progress", f"learner_name, learner_id, {_IN_COURSE}, module_position, module_id"
    ),
    "events": _of_learners(_EVENTS),
    "course_summary": _summary(course_summary, "course_id"),
    "class_progress": _summary(class_progress, "course_id", "class_id"),
}
