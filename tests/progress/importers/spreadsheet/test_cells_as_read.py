"""A workbook is read as a person reads it: number formats, sheets, hidden rows and columns, formulas."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from data.record import Record
from progress.importers.spreadsheet.importing import import_spreadsheet
from progress.importers.spreadsheet.reading import read_sheet
from progress.importers.spreadsheet.sheet import CALCULATE, NothingVisible
from tests.progress.importers.spreadsheet.sheets import (
    GOOD,
    HEADER,
    as_xlsx,
    named_school,
    with_part,
    without_stand_ins,
    workbook,
)
from tests.progress.school import count_of_events

UNCALCULATED = f"The formula in “Score” has no value yet. {CALCULATE}"


def shown(value: float, number_format: str) -> str:
    """What is read of a number in this format."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "x")
        sheet.write_number(0, 1, value, book.add_format({"num_format": number_format}))

    (row,) = read_sheet("x.xlsx", workbook(fill)).rows
    return row.cells[1] if len(row.cells) > 1 else ""


@pytest.mark.parametrize(
    ("value", "number_format", "read"),
    [
        (0.85, "0%", "85"),
        (1, "0%", "100"),
        (0.07, "0.00%", "7"),
        (0.285, "0.0 %", "28.5"),
        (-0.5, "0%;[Red]-0%", "-50"),
        (85, '0"%"', "85"),
        (85, "0\\%", "85"),
        (72000, "0,", "72"),
        (72000000, "#,##0,,", "72"),
        (7250, "0.0,", "7.25"),
        (1234, "#,##0", "1234"),
        (71.6, "0", "71.6"),
        (72.5, "# ?/?", "72.5"),
        (72.5, "0.00E+00", "72.5"),
        (72.5, "@", "72.5"),
        (72.5, "General", "72.5"),
        (0, '0;-0;"absent"', "absent"),
        (5, ";;;", ""),
        (17, '0" of 20"', "17 of 20"),
        (17, '0" points"', "17"),
        (0.5, "[<=1]0%;0", "50"),
        (60, "[<=1]0%;0", "60"),
        (0, "[<0]0%;0", "0"),
        (12, '"a;b"0', "12"),
        (45737, "d mmm yyyy", "2025-03-21"),
        (45737, "[$-407]d. mmmm yyyy", "2025-03-21"),
    ],
)
def test_a_number_is_what_its_format_shows_in_full_precision(value: float, number_format: str, read: str) -> None:
    assert shown(value, number_format) == read


def test_csv_and_workbook_of_one_percentage_are_the_same_score(sqlite_record: Record) -> None:
    viewer = named_school(sqlite_record).viewer("administrator")

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("ada", "Science", "Q1"))
        sheet.write_number(1, 4, 0.855, book.add_format({"num_format": "0.0%"}))

    import_spreadsheet(sqlite_record, workbook(fill), viewer=viewer)
    for written in ("85.5%", "85.5 %", "85.5\u00a0%"):
        content = f"Learner,Course,Module,Score\nada,Science,Q1,{written}\n".encode()
        again = import_spreadsheet(sqlite_record, content, viewer=viewer)
        assert again.lines["outcome"].to_list() == ["unchanged"]


def sheets(*states: Callable[[Any], object]) -> bytes:
    """A workbook with a sheet for each state; every line of a sheet names it in its note."""

    def fill(book: xlsxwriter.Workbook) -> None:
        for number, state in enumerate(states):
            sheet = book.add_worksheet(f"Sheet {number}")
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, (*GOOD[:6], f"of sheet {number}"))
            state(sheet)

    return workbook(fill)


def visible(sheet: Any) -> None:
    """As it is made."""


def hidden(sheet: Any) -> None:
    sheet.hide()


def very_hidden(sheet: Any) -> None:
    sheet.very_hidden()


def first(sheet: Any) -> None:
    sheet.activate()
    sheet.set_first_sheet()


@pytest.mark.parametrize("out_of_sight", [hidden, very_hidden])
def test_the_first_visible_sheet_is_read(out_of_sight: Callable[[Any], object]) -> None:
    sheet = read_sheet("x.xlsx", sheets(out_of_sight, first, out_of_sight))
    assert (sheet.rows[1].cells[6], list(sheet.notes)) == ("of sheet 1", [])


def test_of_several_visible_sheets_it_is_said_which_one_is_read() -> None:
    sheet = read_sheet("x.xlsx", sheets(hidden, first, visible, visible))
    assert sheet.rows[1].cells[6] == "of sheet 1"
    assert sheet.notes == [
        "The workbook has 3 visible sheets. “Sheet 1” is read; “Sheet 2”, “Sheet 3” not.",
    ]


def test_a_workbook_without_a_visible_sheet_is_refused() -> None:
    content = sheets(visible)
    book = b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas'
    book += b'.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" state="hidden"'
    with pytest.raises(NothingVisible, match="no visible sheet"):
        read_sheet("x.xlsx", with_part(content, "xl/workbook.xml", book + b' r:id="rId1"/></sheets></workbook>'))


def test_hidden_and_filtered_rows_and_hidden_columns_are_counted_before_anything_is_applied(
    sqlite_record: Record,
) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for line in (1, 2, 3):
            sheet.write_row(line, 0, (*GOOD[:5], f"2025-01-1{line}", "kept"))
        sheet.autofilter(0, 0, 3, 6)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(9, None, None, {"hidden": True})
        sheet.set_column(6, 6, None, None, {"hidden": True})
        sheet.set_column(8, 20, None, None, {"hidden": True})

    viewer = named_school(sqlite_record).viewer("administrator")
    report = import_spreadsheet(sqlite_record, workbook(fill), viewer=viewer, preview=True)
    assert count_of_events(sqlite_record) == 0
    assert report.notes == [
        "2 rows are hidden in the workbook, and read all the same (first: line 3).",
        "1 column is hidden in the workbook, and read all the same (counted from the left: 7).",
    ]


def formula(value: object = None) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, (*GOOD[:3], "Submitted"))
        if value is None:
            sheet.write_formula(1, 4, "=40+35")
        else:
            sheet.write_formula(1, 4, "=40+35", None, value)

    return workbook(fill)


FORMULA = b"<f>40+35</f><v>0</v>"


@pytest.mark.parametrize(
    "content",
    [
        formula(),  # the program that wrote it cannot calculate, and says so
        without_stand_ins(formula(), {FORMULA: b"<f>40+35</f>"}),
        without_stand_ins(formula(), {FORMULA: b"<f>40+35</f><v/>"}),
        without_stand_ins(formula(), {FORMULA: b'<f t="shared" si="0" ref="E2">40+35</f><v></v>'}),
    ],
)
def test_a_formula_without_a_value_is_refused(sqlite_record: Record, content: bytes) -> None:
    viewer = named_school(sqlite_record).viewer("administrator")
    report = import_spreadsheet(sqlite_record, content, viewer=viewer)
    assert report.lines.select("line", "outcome", "reason").rows() == [(2, "refused", UNCALCULATED)]
    assert count_of_events(sqlite_record) == 0


def test_a_formula_that_was_calculated_is_its_value(sqlite_record: Record) -> None:
    viewer = named_school(sqlite_record).viewer("administrator")
    content = without_stand_ins(formula(), {FORMULA: b"<f>40+35</f><v>75</v>"})
    assert read_sheet("x.xlsx", content).rows[1].cells[4] == "75"
    assert import_spreadsheet(sqlite_record, content, viewer=viewer).changed_count == 1


def test_an_empty_text_from_a_formula_is_an_empty_cell() -> None:
    content = without_stand_ins(formula(), {b'<c r="E2">' + FORMULA: b'<c r="E2" t="str"><f>""</f><v></v>'})
    (_, row) = read_sheet("x.xlsx", content).rows
    assert (row.cells, row.uncalculated) == ((*GOOD[:3], "Submitted"), frozenset())


def test_a_formula_without_a_value_in_the_header_is_named(sqlite_record: Record) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER[:6])
        sheet.write_formula(0, 6, '="No"&"te"')

    viewer = named_school(sqlite_record).viewer("administrator")
    report = import_spreadsheet(sqlite_record, workbook(fill), viewer=viewer)
    assert report.lines["reason"].to_list() == [f"A formula in the header has no value yet. {CALCULATE}"]


def test_a_workbook_in_the_strict_dialect_is_read() -> None:
    strict = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/"
        b"officeDocument/relationships",
    }
    content = without_stand_ins(as_xlsx([HEADER, (*GOOD[:5], date(2025, 1, 20), "")]), strict)
    assert [row.cells[:6] for row in read_sheet("x.xlsx", content).rows] == [HEADER[:6], GOOD[:6]]
