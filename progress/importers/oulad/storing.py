"""Storing a presentation's structure and people where the record differs, inside a transaction."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import update

from data.bulk import matches_any, upsert
from data.locks import lock_structure
from data.models import Course, Enrolment, Module, ModuleSpan, RecordInfo, Unit, User, UserRole
from data.record import Transaction
from data.source_rows import Tally, Written, stored_rows, write_rows
from progress.importers.oulad.evidence import enrolments_of, learners_of
from progress.importers.oulad.presentation import Presentation
from progress.importers.oulad.structure import course_of, modules_of, units_of


@dataclass(frozen=True)
class StoredCourse:
    """A presentation's course; `module_ids` has module_external_id and module_id."""

    course_id: int
    is_new: bool
    has_changed: bool
    module_ids: pl.DataFrame
    tallies: dict[str, Tally]


@dataclass(frozen=True)
class StoredLearners:
    """The enrolled learners. `user_ids` has learner_external_id and user_id; `changed`: whose enrolment changed."""

    user_ids: pl.DataFrame
    changed: frozenset[int]
    tallies: dict[str, Tally]


def store_course(tx: Transaction, presentation: Presentation, now: datetime) -> StoredCourse:
    """Store course, units and modules. A module that the source no longer contains stays as it is."""
    course = _store_course_row(tx, presentation)
    course_id: int = course.rows["id"].item()
    is_new = course.created.height > 0
    lock_structure(tx, [course_id])
    units = _store_units(tx, presentation, course_id)
    # A module that joins a course later counts from now on, so that what was complete before stays complete.
    counts_from = presentation.counts_from if is_new else now
    modules = _store_modules(tx, presentation, course_id, units.rows, counts_from)
    written = {"courses": course, "units": units, "modules": modules}
    has_changed = any(table.has_changed for table in written.values())
    if has_changed:
        tx.execute(update(RecordInfo).values(structure_number=tx.mark))
    module_ids = modules.rows.select(module_external_id="external_id", module_id="id")
    return StoredCourse(course_id, is_new, has_changed, module_ids, {name: w.tally for name, w in written.items()})


def store_learners(tx: Transaction, presentation: Presentation, course_id: int, now: datetime) -> StoredLearners:
    """Store learners, their role and their enrolments. Existing people are not updated: a name changed here stays."""
    people = _store_people(tx, presentation, now)
    user_ids = people.rows.select(learner_external_id="external_id", user_id="id")
    _store_roles(tx, user_ids)
    enrolments, tally = _store_enrolments(tx, presentation, course_id, user_ids)
    changed = frozenset([*enrolments.created["user_id"], *enrolments.updated["user_id"]])
    return StoredLearners(user_ids, changed, {"learners": people.tally, "enrolments": tally})


def _store_course_row(tx: Transaction, presentation: Presentation) -> Written:
    stored = stored_rows(tx, Course, Course.external_id == presentation.external_id)
    return write_rows(tx, Course, course_of(presentation), stored, ["external_id"])


def _store_units(tx: Transaction, presentation: Presentation, course_id: int) -> Written:
    wanted = units_of(presentation).with_columns(course_id=pl.lit(course_id))
    return write_rows(
        tx, Unit, wanted, stored_rows(tx, Unit, Unit.course_id == course_id), ["course_id", "external_id"]
    )


def _store_modules(
    tx: Transaction, presentation: Presentation, course_id: int, units: pl.DataFrame, counts_from: datetime
) -> Written:
    unit_ids = units.select(unit_external_id="external_id", unit_id="id")
    own = {
        "is_required": pl.lit(True),
        "score_rule": pl.lit("best"),
        "watched_threshold": pl.lit(0.9),
        "published_at": pl.lit(counts_from, pl.Datetime("us")),
    }
    wanted = modules_of(presentation).join(unit_ids, on="unit_external_id", maintain_order="left")
    wanted = wanted.drop("unit_external_id").with_columns(course_id=pl.lit(course_id), **own)
    stored = stored_rows(tx, Module, Module.course_id == course_id)
    # What a person may decide about a module here is set once and never taken back by an import.
    only_new = ["completion_rule", "pass_mark", *own]
    written = write_rows(tx, Module, wanted, stored, ["course_id", "external_id"], only_new)
    upsert(tx, ModuleSpan, written.created.select(module_id="id", starts_at="published_at"))
    return written


def _store_people(tx: Transaction, presentation: Presentation, now: datetime) -> Written:
    own = {"is_active": pl.lit(True), "created_at": pl.lit(now, pl.Datetime("us"))}
    wanted = learners_of(presentation).with_columns(**own)
    stored = stored_rows(tx, User, matches_any(tx, User.external_id, wanted["external_id"]))
    return write_rows(tx, User, wanted, stored, ["external_id"], ["full_name", *own])


def _store_roles(tx: Transaction, user_ids: pl.DataFrame) -> None:
    wanted = user_ids.select("user_id", role=pl.lit("student"))
    stored = stored_rows(tx, UserRole, matches_any(tx, UserRole.user_id, wanted["user_id"]))
    write_rows(tx, UserRole, wanted, stored, ["user_id", "role"])


def _store_enrolments(
    tx: Transaction, presentation: Presentation, course_id: int, user_ids: pl.DataFrame
) -> tuple[Written, Tally]:
    """A completion earned here stays even if the source calls the enrolment active."""
    wanted = enrolments_of(presentation).join(user_ids, on="learner_external_id").drop("learner_external_id")
    stored = stored_rows(tx, Enrolment, Enrolment.course_id == course_id)
    earned = stored.filter(pl.col("completed_by") == "roll-up")
    kept = wanted.filter(pl.col("status") == "active").join(earned, on="user_id", how="semi")
    others = wanted.join(kept, on="user_id", how="anti").sort("user_id").with_columns(course_id=pl.lit(course_id))
    written = write_rows(tx, Enrolment, others, stored, ["user_id", "course_id"])
    return written, written.tally + Tally(unchanged=kept.height)
