"""Storing courses and classes, and the academic sessions in which each class is taught."""

from datetime import datetime

import polars as pl
from sqlalchemy import select, update

from data.bulk import matches_any, rows_where
from data.models import AcademicSession, ClassSession, Course, RecordInfo, School, SchoolClass
from data.record import Transaction
from data.source_rows import Tally, stored_rows, write_rows
from progress.importers.oneroster.storing import known_ids, outcomes, refer, store, tally_of
from progress.importers.oneroster.table import Table
from progress.importers.oneroster.values import TIME

_COURSE_WORDS = {
    "title": "title",
    "school_id": "school",
    "starts_on": "start",
    "ends_on": "end",
    "ended_at": "end date",
}
_CLASS_WORDS = {"name": "name", "course_id": "course", "school_id": "school", "ended_at": "end date"}


def store_courses(tx: Transaction, courses: Table, now: datetime) -> Tally:
    """Store courses. A course lasts as long as its school year, if it names one."""
    refer(tx, courses, School, "orgSourcedId", "school_id", "link")
    refer(tx, courses, AcademicSession, "schoolYearSourcedId", "session_id", "link")
    wanted = courses.rows.join(_days(tx, courses.rows["session_id"]), on="session_id", how="left").select(
        "line",
        "is_ended",
        modified_at="dateLastModified",
        external_id="sourcedId",
        title="title",
        school_id="school_id",
        starts_on="starts_on",
        ends_on="ends_on",
        provisions_xapi=pl.lit(False),
    )
    tally = store(tx, courses, Course, wanted, now, _COURSE_WORDS, only_new=["provisions_xapi"])[1]
    if tally.created or tally.updated or tally.ended:
        tx.execute(update(RecordInfo).values(structure_number=tx.mark))
    return tally


def store_classes(tx: Transaction, classes: Table, now: datetime) -> dict[str, Tally]:
    refer(tx, classes, Course, "courseSourcedId", "course_id")
    refer(tx, classes, School, "schoolSourcedId", "school_id", "link")
    terms = known_ids(tx, AcademicSession, classes.rows["termSourcedIds"].explode())
    classes.leave_out_unknown("termSourcedIds", terms["external_id"])
    wanted = classes.rows.select(
        "line",
        "is_ended",
        modified_at="dateLastModified",
        external_id="sourcedId",
        name="title",
        course_id="course_id",
        school_id="school_id",
    )
    ids, tally = store(tx, classes, SchoolClass, wanted, now, _CLASS_WORDS)
    return {"classes": tally, "class sessions": _store_terms(tx, classes, ids, terms, now)}


def _store_terms(tx: Transaction, classes: Table, ids: pl.DataFrame, terms: pl.DataFrame, now: datetime) -> Tally:
    """Link each class to the sessions that its row names, and end its other links."""
    key = ["class_id", "academic_session_id"]
    ids_of_terms = terms.select(term="external_id", academic_session_id="id")
    named = (
        classes.rows.select("line", term="termSourcedIds").explode("term").drop_nulls().join(ids_of_terms, on="term")
    )
    wanted = named.join(ids, on="line").select("line", class_id="id", academic_session_id="academic_session_id")
    stored = stored_rows(tx, ClassSession, matches_any(tx, ClassSession.class_id, ids["id"]))
    gone = stored.filter(pl.col("ended_at").is_null()).join(wanted, on=key, how="anti").select(key)
    ended = gone.with_columns(ended_at=pl.lit(now, TIME))
    open_ones = wanted.select(*key, ended_at=pl.lit(None, TIME))
    written = write_rows(tx, ClassSession, pl.concat([open_ones, ended]), stored, key)
    results = outcomes(written, stored, key, {})
    _report_changed_terms(classes, ids, results)
    return tally_of(results)


def _report_changed_terms(classes: Table, ids: pl.DataFrame, results: pl.DataFrame) -> None:
    changed = results.filter(pl.col("outcome") != "unchanged").select(id="class_id").unique()
    lines = ids.join(changed, on="id")
    classes.report(lines.select("line", outcome=pl.lit("updated"), reason=pl.lit("terms")))


def _days(tx: Transaction, session_ids: pl.Series) -> pl.DataFrame:
    """session_id, starts_on, ends_on."""
    days = select(AcademicSession.id.label("session_id"), AcademicSession.starts_on, AcademicSession.ends_on)
    wanted = matches_any(tx, AcademicSession.id, session_ids.drop_nulls().unique())
    return rows_where(tx, days.where(wanted), {"session_id": pl.Int64, "starts_on": pl.Date, "ends_on": pl.Date})
