"""Refusing rows of the OULAD that refer to something unknown, repeat another row or lie in the future."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from progress.importers.oulad.source import ReadTable
from progress.importers.shared.report import ImportReport

ASSESSMENTS_UNIT = "assessments"


class Sieve:
    """A table's rows, and the refused ones with their reasons."""

    def __init__(self, table: ReadTable) -> None:
        self.file = table.file
        self.rows = table.rows
        self._rows_read = table.rows.height + table.refused.height
        self._refused = [table.refused]

    def refuse(self, where: pl.Expr, reason: pl.Expr) -> None:
        """Take out the rows for which the condition holds."""
        is_bad = self.rows.select(where.fill_null(False)).to_series()
        if is_bad.any():
            self._take_out(self.rows.filter(is_bad), reason)
            self.rows = self.rows.filter(~is_bad)

    def refuse_unknown(self, known: pl.DataFrame, key: list[str], reason: pl.Expr) -> None:
        """Take out the rows whose key is not among the known ones."""
        unknown = self.rows.join(known, on=key, how="anti")
        if unknown.height:
            self._take_out(unknown, reason)
            self.rows = self.rows.join(known, on=key, how="semi")

    def refuse_repeated(self, key: list[str], reason: pl.Expr) -> None:
        """Take out all rows with a key that an earlier row has."""
        self.refuse(pl.col("row") > pl.col("row").min().over(key), reason)

    def report_to(self, report: ImportReport) -> None:
        """Note what was read and what was refused."""
        refused = pl.concat(self._refused)
        first = refused.bottom_k(report.room_for_refusals, by="row").sort("row")
        report.count_read(self.file, self._rows_read)
        report.refuse(self.file, first.rows(), refused.height)

    def _take_out(self, rows: pl.DataFrame, reason: pl.Expr) -> None:
        self._refused.append(rows.select("row", reason=reason))


def checked(tables: Mapping[str, ReadTable], now: datetime, report: ImportReport) -> dict[str, pl.DataFrame]:
    """The rows that can be imported, by table; refused rows go to the report.

    `courses` gains `starts_on`, and `studentAssessment` the presentation of its assessment.
    """
    sieves = {name: Sieve(table) for name, table in tables.items()}
    _check_courses(sieves["courses"], now)
    courses = sieves["courses"].rows
    _check_sites(sieves["vle"], courses)
    _check_assessments(sieves["assessments"], courses, sieves["vle"].rows)
    _check_students(sieves["studentInfo"], courses)
    students = sieves["studentInfo"].rows.select("presentation", "id_student")
    _check_registrations(sieves["studentRegistration"], courses, students)
    _check_submissions(sieves["studentAssessment"], sieves["assessments"].rows, students)
    _check_clicks(sieves["studentVle"], courses, sieves["vle"].rows, students)
    for name, column in (("studentAssessment", "date_submitted"), ("studentVle", "date")):
        _refuse_future(sieves[name], column, courses, now)
    for sieve in sieves.values():
        sieve.report_to(report)
    return {name: sieve.rows for name, sieve in sieves.items()}


def _check_courses(courses: Sieve, now: datetime) -> None:
    courses.rows = courses.rows.with_columns(starts_on=_starts_on(pl.col("presentation")))
    courses.refuse_repeated(["presentation"], pl.format("{} is listed before", "presentation"))
    is_ahead = pl.col("starts_on") > pl.lit(now.date())
    courses.refuse(is_ahead, pl.format("{} starts in the future, on {}", "presentation", "starts_on"))


def _starts_on(presentation: pl.Expr) -> pl.Expr:
    """A presentation starts in February (B) or October (J) of its year."""
    year = presentation.str.slice(-5, 4).cast(pl.Int32)
    month = pl.when(presentation.str.ends_with("B")).then(2).otherwise(10)
    return pl.date(year, month, 1)


def _check_sites(sites: Sieve, courses: pl.DataFrame) -> None:
    _refuse_unknown_presentation(sites, courses)
    sites.refuse_repeated(["id_site"], pl.format("site {} is listed before", "id_site"))
    is_reserved = pl.col("activity_type") == ASSESSMENTS_UNIT
    sites.refuse(is_reserved, pl.lit(f"activity_type “{ASSESSMENTS_UNIT}” is reserved for the assessments"))


def _check_assessments(assessments: Sieve, courses: pl.DataFrame, sites: pl.DataFrame) -> None:
    _refuse_unknown_presentation(assessments, courses)
    assessments.refuse_repeated(["id_assessment"], pl.format("assessment {} is listed before", "id_assessment"))
    is_site = pl.col("id_assessment").is_in(sites["id_site"].implode())
    assessments.refuse(is_site, pl.format("assessment {} has the id of a site", "id_assessment"))


def _check_students(students: Sieve, courses: pl.DataFrame) -> None:
    _refuse_unknown_presentation(students, courses)
    listed_before = pl.format("student {} is listed before in {}", "id_student", "presentation")
    students.refuse_repeated(["presentation", "id_student"], listed_before)


def _check_registrations(registrations: Sieve, courses: pl.DataFrame, students: pl.DataFrame) -> None:
    _refuse_unknown_presentation(registrations, courses)
    _refuse_unknown_student(registrations, students)
    registered_before = pl.format("student {} is registered before in {}", "id_student", "presentation")
    registrations.refuse_repeated(["presentation", "id_student"], registered_before)


def _check_submissions(submissions: Sieve, assessments: pl.DataFrame, students: pl.DataFrame) -> None:
    unknown = pl.format("assessment {} is unknown", "id_assessment")
    submissions.refuse_unknown(assessments, ["id_assessment"], unknown)
    of_presentation = assessments.select("id_assessment", "presentation")
    submissions.rows = submissions.rows.join(of_presentation, on="id_assessment", maintain_order="left")
    _refuse_unknown_student(submissions, students)
    submitted_before = pl.format("student {} submitted assessment {} before", "id_student", "id_assessment")
    submissions.refuse_repeated(["id_student", "id_assessment"], submitted_before)


def _check_clicks(clicks: Sieve, courses: pl.DataFrame, sites: pl.DataFrame, students: pl.DataFrame) -> None:
    _refuse_unknown_presentation(clicks, courses)
    unknown = pl.format("site {} is unknown in {}", "id_site", "presentation")
    clicks.refuse_unknown(sites, ["presentation", "id_site"], unknown)
    _refuse_unknown_student(clicks, students)


def _refuse_unknown_presentation(sieve: Sieve, courses: pl.DataFrame) -> None:
    sieve.refuse_unknown(courses, ["presentation"], pl.format("presentation {} is unknown", "presentation"))


def _refuse_unknown_student(sieve: Sieve, students: pl.DataFrame) -> None:
    unknown = pl.format("student {} is unknown in {}", "id_student", "presentation")
    sieve.refuse_unknown(students, ["presentation", "id_student"], unknown)


def _refuse_future(sieve: Sieve, column: str, courses: pl.DataFrame, now: datetime) -> None:
    """Evidence cannot lie in the future; registrations can."""
    last_day = courses.select("presentation", last_day=(pl.lit(now.date()) - pl.col("starts_on")).dt.total_days())
    sieve.rows = sieve.rows.join(last_day, on="presentation", maintain_order="left")
    sieve.refuse(pl.col(column) > pl.col("last_day"), pl.format("{} is day {}, in the future", pl.lit(column), column))
    sieve.rows = sieve.rows.drop("last_day")
