"""Recording many judged events at once, in columns. `in_memory` does the same for a few."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import func, select

from data.bulk import matches_any, rows_where, upsert
from data.locks import lock_for_recording, lock_learners
from data.models import Enrolment, Module, ModuleProgress, ProgressEvent
from data.moments import naive_utc
from data.record import Transaction
from data.viewer import Viewer
from progress.completion import intervals
from progress.completion.course_shape import CourseShape
from progress.completion.module_states import EVIDENCE_SCHEMA, PAIR, TIME, module_states
from progress.completion.standings import ENROLLED_SCHEMA, rules_frame
from progress.courses.course_shapes import fresh_course_shape
from progress.courses.roll_up import progress_of
from progress.recording.consequences import ChangedFrames, bring_about_in_columns
from progress.recording.screening import Accepted

EVENT_SCHEMA: dict[str, Any] = {
    **EVIDENCE_SCHEMA,
    "recorded_by": pl.Int64,
    "reported_at": TIME,
    "received_at": TIME,
    "interactions_count": pl.Int64,
    "reason": pl.String,
}


def record_frame(tx: Transaction, events: pl.DataFrame, meanwhile: Callable[[], object] | None = None) -> int:
    """Store judged events, compute module states in a thread and run the consequences; returns how many were new."""
    course_ids = _courses_of(tx, events)
    lock_for_recording(tx, course_ids)
    lock_learners(tx, events["user_id"].unique().to_list(), course_ids)
    last_id = tx.execute(select(func.coalesce(func.max(ProgressEvent.id), 0))).scalar_one()
    single = _complete(events).unique(["source", "event_id"], keep="first", maintain_order=True)
    # Stored by learner, so that a learner's rows are next to each other in the record and in the mirror.
    new = _stored(tx, single.sort(PAIR, maintain_order=True), last_id)
    # Not cached: an importer may have changed the structure in this transaction, and may still fail.
    shapes = [fresh_course_shape(tx.connection, course_id) for course_id in course_ids]
    users = new["user_id"].unique().to_list()
    evidence = pl.concat([new.select(*EVIDENCE_SCHEMA), _earlier_evidence(tx, last_id, new, users)])
    with ThreadPoolExecutor(1) as folder:
        folding = folder.submit(module_states, evidence, rules_frame(shapes))
        if meanwhile is not None:
            meanwhile()
        if new.height:
            _follow(tx, shapes, users, folding)
    return new.height


def _follow(tx: Transaction, shapes: list[CourseShape], users: list[int], folding: Future[pl.DataFrame]) -> None:
    """Store the modules' progress and run its consequences."""
    course_ids = [shape.course_id for shape in shapes]
    stored, folded = progress_of(tx, course_ids, users), folding.result()
    upsert(tx, ModuleProgress, folded.sort(PAIR))
    progress = pl.concat([stored.join(folded, on=PAIR, how="anti"), folded.select(stored.columns)])
    bring_about_in_columns(tx, ChangedFrames(shapes, _enrolled(tx, course_ids, users), progress))


def frame_of_accepted(viewer: Viewer, accepted: Sequence[Accepted], received_at: datetime) -> pl.DataFrame:
    """Judged events as `record_frame` takes them."""
    events = [item.event for item in accepted]
    columns = {name: [getattr(event, name) for event in events] for name in _AS_REPORTED} | {
        "user_id": [event.learner_id for event in events],
        "occurred_at": [naive_utc(item.occurred_at) for item in accepted],
        "reported_at": [item.reported_at and naive_utc(item.reported_at) for item in accepted],
        "authority": [item.authority for item in accepted],
        "watched_intervals": [intervals.render(event.watched_intervals) for event in events],
    }
    shared = {"recorded_by": viewer.user_id, "received_at": naive_utc(received_at)}
    frame = pl.DataFrame(columns, schema={name: kind for name, kind in EVENT_SCHEMA.items() if name in columns})
    return frame.with_columns(pl.lit(value, EVENT_SCHEMA[name]).alias(name) for name, value in shared.items())


_AS_REPORTED = ("source", "event_id", "module_id", "kind", "score", "position_seconds", "interactions_count", "reason")


def _complete(events: pl.DataFrame) -> pl.DataFrame:
    defaults = {"interactions_count": 1}
    absent = {name: kind for name, kind in EVENT_SCHEMA.items() if name not in events.columns}
    missing = [pl.lit(defaults.get(name), kind).alias(name) for name, kind in absent.items()]
    return events.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in EVENT_SCHEMA.items())


def _courses_of(tx: Transaction, events: pl.DataFrame) -> list[int]:
    module_ids = events["module_id"].unique().to_list()
    courses = select(Module.course_id).where(matches_any(tx, Module.id, module_ids)).distinct()
    return sorted(tx.execute(courses).scalars())


def _stored(tx: Transaction, events: pl.DataFrame, last_id: int) -> pl.DataFrame:
    """Store the events; returns those that were new."""
    if upsert(tx, ProgressEvent, events, keep_existing=True) == events.height:
        return events
    ours = select(ProgressEvent.source, ProgressEvent.event_id).where(
        ProgressEvent.id > last_id, ProgressEvent.changed_in == tx.number
    )
    names = {"source": pl.String, "event_id": pl.String}
    return events.join(rows_where(tx, ours, names), on=list(names), how="semi", maintain_order="left")


def _earlier_evidence(tx: Transaction, last_id: int, new: pl.DataFrame, users: list[int]) -> pl.DataFrame:
    """The events up to this id about the same learners and modules; quickly empty if they have no progress.

    Nobody else has stored any since, because the learners are locked.
    """
    modules = new["module_id"].unique().to_list()
    pairs = rows_where(
        tx,
        select(ModuleProgress.user_id, ModuleProgress.module_id).where(
            matches_any(tx, ModuleProgress.user_id, users), matches_any(tx, ModuleProgress.module_id, modules)
        ),
        {"user_id": pl.Int64, "module_id": pl.Int64},
    ).join(new, on=PAIR, how="semi")
    statement = select(*(getattr(ProgressEvent, name) for name in EVIDENCE_SCHEMA)).where(
        ProgressEvent.id <= last_id,
        matches_any(tx, ProgressEvent.user_id, pairs["user_id"].unique().to_list()),
        matches_any(tx, ProgressEvent.module_id, pairs["module_id"].unique().to_list()),
    )
    return rows_where(tx, statement, EVIDENCE_SCHEMA).join(pairs, on=PAIR, how="semi")


def _enrolled(tx: Transaction, course_ids: list[int], users: list[int]) -> pl.DataFrame:
    statement = select(Enrolment.user_id, Enrolment.course_id).where(
        Enrolment.course_id.in_(course_ids), matches_any(tx, Enrolment.user_id, users)
    )
    return rows_where(tx, statement, ENROLLED_SCHEMA)
