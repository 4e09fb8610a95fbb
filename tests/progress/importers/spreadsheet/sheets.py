"""Spreadsheets to import, as CSV and as workbooks, about the small school of the tests."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from sqlalchemy import update

from data.models import Course, Module, User
from data.record import Record
from tests.progress.school import School, open_school

HEADER = ("Learner", "Course", "Module", "Status", "Score", "Date", "Note")
GOOD = ("ada", "Science", "What a cell is", "Completed", "", "2025-01-20", "")


def named_school(record: Record) -> School:
    """The small school, in which Ada has a username, Ben an external id, and the parts have external ids as well."""
    school = open_school(record)
    with record.engine.begin() as connection:
        connection.execute(update(User).where(User.id == school.ada).values(username="ada", email="Ada@school.example"))
        connection.execute(update(User).where(User.id == school.ben).values(external_id="L-2"))
        connection.execute(update(Course).where(Course.id == school.course).values(external_id="SCI"))
        connection.execute(update(Module).where(Module.id == school.modules["quiz"]).values(external_id="Q1"))
    return school


def as_csv(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    """Numbers as numbers, dates as real dates."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "d mmm yyyy"})
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, place, value, day)
                else:
                    sheet.write(line, place, value)

    return workbook(fill)


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        fill(book)
    return content.getvalue()


def with_part(content: bytes, path: str, part: bytes) -> bytes:
    """The workbook with another content of one of its parts."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, part if name == path else old.read(name))
    return changed.getvalue()


def without_stand_ins(content: bytes, changes: Mapping[bytes, bytes]) -> bytes:
    """The workbook as Excel saves it, which has calculated it, and with other text in its parts."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name).replace(b' fullCalcOnLoad="1"', b"")
            for was, becomes in changes.items():
                part = part.replace(was, becomes)
            new.writestr(name, part)
    return changed.getvalue()
