"""The template to fill in: the columns, an example line, and optionally a sheet of names to copy from."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import xlsxwriter

from progress.importers.spreadsheet.columns import COLUMNS
from progress.importers.spreadsheet.sheet import MOST_ROWS
from progress.importers.spreadsheet.stating import LONGEST_NOTE, STATUS_WORDS

# A line with exactly this learner, course and module is not imported.
EXAMPLE = ("ada.example", "Example course", "Example quiz", "Completed", "72.5", "2026-03-14", "Delete this line")

_WIDTHS = (24, 24, 36, 16, 8, 12, 40)


@dataclass(frozen=True)
class ToCopy:
    """The second sheet's content: what a course, its learners (with their names) and its modules are called here."""

    course: str
    learners: Sequence[tuple[str, str]]
    modules: Sequence[str]


def spreadsheet_template(format: Literal["csv", "xlsx"], to_copy: ToCopy | None = None) -> bytes:  # noqa: A002
    """A spreadsheet that `import_spreadsheet` accepts. `to_copy` goes into workbooks only, on a second sheet."""
    if format == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([COLUMNS, EXAMPLE])
        return text.getvalue().encode("utf-8-sig")
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        _add_sheet_to_fill(book)
        if to_copy:
            _add_sheet_to_copy_from(book, to_copy)
    return content.getvalue()


def _add_sheet_to_fill(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Progress")
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    formats = {"Learner": text, "Course": text, "Module": text, "Date": day}
    for place, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width, formats.get(name))
    sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True, "bottom": 1}))
    sheet.write_row(1, 0, EXAMPLE)
    score, on = COLUMNS.index("Score"), COLUMNS.index("Date")
    sheet.write_number(1, score, float(EXAMPLE[score]))
    sheet.write_datetime(1, on, datetime.fromisoformat(EXAMPLE[on]), day)
    sheet.freeze_panes(1, 0)
    for name, rule in _RULES.items():
        sheet.data_validation(1, COLUMNS.index(name), MOST_ROWS, COLUMNS.index(name), rule)


def _add_sheet_to_copy_from(book: xlsxwriter.Workbook, to_copy: ToCopy) -> None:
    sheet = book.add_worksheet("To copy from")
    sheet.set_column(0, 3, 32, book.add_format({"num_format": "@"}))
    sheet.write_row(0, 0, ("Learner", "Name", "Course", "Module"), book.add_format({"bold": True, "bottom": 1}))
    sheet.write_column(1, 0, [learner for learner, _ in to_copy.learners])
    sheet.write_column(1, 1, [name for _, name in to_copy.learners])
    sheet.write_column(1, 2, [to_copy.course])
    sheet.write_column(1, 3, to_copy.modules)
    sheet.freeze_panes(1, 0)


_RULES = {
    "Status": {
        "validate": "list",
        "source": list(STATUS_WORDS),
        "error_message": "Choose a status from the list, or leave the cell empty.",
    },
    "Score": {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": 100,
        "error_message": "A score is a number from 0 to 100.",
    },
    "Note": {
        "validate": "length",
        "criteria": "<=",
        "value": LONGEST_NOTE,
        "error_message": f"A note has at most {LONGEST_NOTE} characters.",
    },
}
