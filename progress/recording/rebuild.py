"""Recomputing every stored row from the events, in columns, to check or repair the record."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from sqlalchemy import delete, update

from data.bulk import upsert
from data.columnar import Snapshot, snapshot
from data.locks import lock_everything
from data.models import (
    Base,
    CourseProgress,
    Enrolment,
    ModuleProgress,
    ProgressEvent,
    RecordInfo,
    UnitProgress,
)
from data.record import Record, Transaction, current_record
from data.viewer import Viewer, require_administrator
from progress.completion.course_shape import CourseShape
from progress.completion.module_states import EVIDENCE_SCHEMA, STATE_SCHEMA, module_states
from progress.completion.standings import PROGRESS_SCHEMA, rules_frame, standings
from progress.completion.terms_met import KEY_EVIDENCE_SCHEMA
from progress.courses.completing_enrolments import ENROLMENT_SCHEMA, enrolments_after
from progress.courses.course_shapes import fresh_course_shape

DIFFERENCE_SCHEMA = {
    "table": pl.String,
    "learner_id": pl.Int64,
    "subject_id": pl.Int64,
    "column": pl.String,
    "stored": pl.String,
    "recomputed": pl.String,
}


@dataclass(frozen=True)
class Comparison:
    """One table as stored and as recomputed, both keyed by the learner and one other id."""

    model: type[Base]
    subject: str
    stored: pl.DataFrame
    recomputed: pl.DataFrame

    @property
    def key(self) -> list[str]:
        return ["user_id", self.subject]

    @cached_property
    def surplus(self) -> pl.DataFrame:
        """Stored rows that the events do not account for."""
        return self.stored.join(self.recomputed, on=self.key, how="anti")

    @cached_property
    def changed(self) -> pl.DataFrame:
        """Recomputed rows that differ from the stored ones."""
        return self.recomputed.join(self.stored, on=self.recomputed.columns, how="anti", nulls_equal=True)

    def differences(self) -> pl.DataFrame:
        """One row for each differing column (DIFFERENCE_SCHEMA); a missing or surplus row is one row."""
        absent, present = pl.lit("absent"), pl.lit("present")
        missing = self.changed.join(self.stored, on=self.key, how="anti")
        rows = [self._lines(self.surplus, "row", present, absent), self._lines(missing, "row", absent, present)]
        both = self.changed.join(self.stored, on=self.key, how="inner", suffix="_stored")
        for name in self.recomputed.columns[2:]:
            differing = both.filter(pl.col(name).ne_missing(pl.col(f"{name}_stored")))
            rows.append(self._lines(differing, name, pl.col(f"{name}_stored"), pl.col(name)))
        return pl.concat(rows)

    def _lines(self, frame: pl.DataFrame, column: str, stored: pl.Expr, recomputed: pl.Expr) -> pl.DataFrame:
        return frame.select(
            table=pl.lit(self.model.__tablename__),
            learner_id="user_id",
            subject_id=self.subject,
            column=pl.lit(column),
            stored=stored.cast(pl.String),
            recomputed=recomputed.cast(pl.String),
        )


def check_stored_rows(viewer: Viewer) -> pl.DataFrame:
    """The differences in the current record (DIFFERENCE_SCHEMA), for administrators. Raises NotAllowed."""
    require_administrator(viewer)
    return differences(current_record())


def repair_stored_rows(viewer: Viewer) -> int:
    """Repair the current record, for administrators; returns how many rows changed. Raises NotAllowed."""
    require_administrator(viewer)
    return rebuild(current_record())


def differences(record: Record) -> pl.DataFrame:
    """Stored rows compared with recomputed ones (DIFFERENCE_SCHEMA); empty if all are right. Changes nothing."""
    with snapshot(record, whole=True) as state, record.reading() as connection:
        course_ids = [row[0] for row in state.rows("select id from courses order by id")]
        shapes = [fresh_course_shape(connection, course_id) for course_id in course_ids]
        lines = pl.concat([comparison.differences() for comparison in _comparisons(state, shapes)])
    return lines.sort("table", "learner_id", "subject_id", "column")


def rebuild(record: Record) -> int:
    """Repair every stored row in one transaction, during which nobody can record; returns how many changed."""
    with record.writing() as tx:
        lock_everything(tx)
        with snapshot(record, whole=True) as state:
            course_ids = [row[0] for row in state.rows("select id from courses order by id")]
            shapes = [fresh_course_shape(tx.connection, course_id) for course_id in course_ids]
            return sum(_repair(tx, comparison) for comparison in _comparisons(state, shapes))


def _repair(tx: Transaction, comparison: Comparison) -> int:
    changed, surplus = comparison.changed, comparison.surplus
    upsert(tx, comparison.model, changed)
    columns: Any = comparison.model
    for user_id, subject_id in surplus.select(comparison.key).iter_rows():
        own = (columns.user_id == user_id, getattr(columns, comparison.subject) == subject_id)
        tx.execute(delete(columns).where(*own))
    if surplus.height:
        tx.execute(update(RecordInfo).values(mirror_epoch=RecordInfo.mirror_epoch + 1))
    return changed.height + surplus.height


def _comparisons(state: Snapshot, shapes: list[CourseShape]) -> list[Comparison]:
    enrolments = _frame(state, Enrolment, ENROLMENT_SCHEMA)
    folded, evidence = _folded(state, shapes)
    rolled = standings(shapes, enrolments.select("user_id", "course_id"), folded.select(*PROGRESS_SCHEMA), evidence)
    expected = enrolments_after(enrolments, rolled.courses)
    return [
        Comparison(ModuleProgress, "module_id", _frame(state, ModuleProgress, STATE_SCHEMA), folded),
        Comparison(UnitProgress, "unit_id", _frame(state, UnitProgress, rolled.units.schema), rolled.units),
        Comparison(CourseProgress, "course_id", _frame(state, CourseProgress, rolled.courses.schema), rolled.courses),
        Comparison(Enrolment, "course_id", enrolments, expected),
    ]


def _folded(state: Snapshot, shapes: list[CourseShape]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every module's progress, and the events in key modules; other events are not kept in memory."""
    events = _frame(state, ProgressEvent, EVIDENCE_SCHEMA)
    key_modules = frozenset[int]().union(*(shape.key_modules for shape in shapes))
    evidence = events.filter(pl.col("module_id").is_in(list(key_modules))).select(*KEY_EVIDENCE_SCHEMA)
    return module_states(events, rules_frame(shapes)), evidence


def _frame(state: Snapshot, model: type[Base], schema: Any) -> pl.DataFrame:
    """The stored columns of the schema, in its types and order."""
    batches = state.batches(model.__table__, columns=list(schema))  # type: ignore[arg-type]
    frame = pl.from_arrow(batches.read_all())
    return frame.select(pl.col(name).cast(kind) for name, kind in dict(schema).items())  # type: ignore[union-attr]
