"""Importing the OULAD, from its files to the record, with one transaction for each presentation."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from data.record import Record, Transaction
from data.source_rows import Tally
from progress.audit.imports import note_import
from progress.courses.roll_up import roll_up_learners
from progress.importers.oulad.checking import checked
from progress.importers.oulad.evidence import events_of
from progress.importers.oulad.presentation import Presentation, presentations
from progress.importers.oulad.source import read_table, source_files
from progress.importers.oulad.storing import StoredCourse, StoredLearners, store_course, store_learners
from progress.importers.shared.report import CannotImport, ImportReport
from progress.recording.record import record_many

Progress = Callable[[int, int, str], object]


class PresentationFailed(CannotImport):
    """A presentation could not be stored. Earlier ones are stored in full, this one not at all."""

    def __init__(self, presentation: str, cause: BaseException) -> None:
        super().__init__(f"{presentation} could not be stored: {cause}. The presentations before it are stored.")
        self.presentation = presentation


def import_oulad(record: Record, folder: Path, progress: Progress | None = None) -> ImportReport:
    """Import the seven tables in `folder`. Rows that are already stored stay as they are.

    `progress` is called with (rows done, rows in all tables, what is being done). Raises MissingTable, MissingColumn
    or UnreadableTable before anything is written, and PresentationFailed later.
    """
    show = progress or (lambda done, total, label: None)
    files = source_files(folder)
    total = sum(file.rows_count for file in files.values())
    now, report = datetime.now(UTC).replace(tzinfo=None), ImportReport()
    show(0, total, "Reading the tables")
    tables = checked({name: read_table(file) for name, file in files.items()}, now, report)
    done = report.refused_count
    for presentation in presentations(tables):
        show(done, total, presentation.external_id)
        report.tally_all(_import(record, presentation, now))
        done += presentation.rows_count
    with record.writing() as tx:
        note_import(tx, "OULAD", report.tallies)
    show(total, total, "Done")
    return report


def _import(record: Record, presentation: Presentation, now: datetime) -> dict[str, Tally]:
    driver_error = record.engine.dialect.loaded_dbapi.Error
    try:
        with record.writing() as tx:
            return _store(tx, presentation, now)
    except (SQLAlchemyError, driver_error) as error:
        raise PresentationFailed(presentation.external_id, getattr(error, "orig", None) or error) from error


def _store(tx: Transaction, presentation: Presentation, now: datetime) -> dict[str, Tally]:
    course = store_course(tx, presentation, now)
    learners = store_learners(tx, presentation, course.course_id, now)
    events = _with_our_ids(events_of(presentation), course, learners)
    recorded = record_many(tx, events)
    _roll_up_the_others(tx, course, learners, events)
    return {**course.tallies, **learners.tallies, "events": Tally(recorded, 0, events.height - recorded)}


def _with_our_ids(events: pl.DataFrame, course: StoredCourse, learners: StoredLearners) -> pl.DataFrame:
    return (
        events.join(learners.user_ids, on="learner_external_id", maintain_order="left")
        .join(course.module_ids, on="module_external_id", maintain_order="left")
        .drop("learner_external_id", "module_external_id")
    )


def _roll_up_the_others(tx: Transaction, course: StoredCourse, learners: StoredLearners, events: pl.DataFrame) -> None:
    """Recording has rolled up the learners of a new course who have events. Roll up everyone else who is affected."""
    affected = set(learners.user_ids["user_id"]) if course.has_changed else set(learners.changed)
    others = affected - set(events["user_id"].unique()) if course.is_new else affected
    if others:
        roll_up_learners(tx, course.course_id, sorted(others))
