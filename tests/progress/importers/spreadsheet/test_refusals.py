"""Dirty spreadsheets: each is refused in words, by line where there is one, and the record stays as it was."""

import io
import zipfile
from datetime import date, timedelta

import pytest
import xlsxwriter

from data.record import Record
from progress.importers.spreadsheet.importing import import_spreadsheet
from progress.importers.spreadsheet.sheet import (
    MOST_BYTES,
    MOST_ROWS,
    DamagedWorkbook,
    LockedOrOldWorkbook,
    NotASpreadsheet,
    NothingInIt,
    TooLarge,
)
from progress.importers.spreadsheet.workbook import MOST_TAGS
from tests.progress.importers.spreadsheet.sheets import (
    GOOD,
    HEADER,
    as_csv,
    as_xlsx,
    named_school,
    with_part,
    workbook,
)
from tests.progress.school import School, count_of_events


@pytest.fixture
def school(sqlite_record: Record) -> School:
    return named_school(sqlite_record)


def changed(**cells: str) -> tuple[str, ...]:
    """A good line but for these cells."""
    return tuple(cells.get(name, cell) for name, cell in zip(HEADER, GOOD, strict=True))


def refused(record: Record, school: School, content: bytes) -> list[tuple[int, str]]:
    """Line and reason of what is refused; nothing of the file may be stored, skipping or not."""
    viewer = school.viewer("administrator")
    report = import_spreadsheet(record, content, viewer=viewer)
    lines = report.lines.filter(outcome="refused")
    assert not report.is_applied
    assert count_of_events(record) == 0
    return lines.select("line", "reason").rows()


NO_DATE = "is not a date that everyone reads alike. Write it as 2026-03-14, or as a date in Excel."
LATER = date.today() + timedelta(days=2)

DIRTY_CELLS = [
    ({"Learner": ""}, "The cell “Learner” is empty."),
    ({"Learner": "nobody"}, "There is no such learner among those for whom you may record progress."),
    ({"Course": "Scienze"}, "There is no course “Scienze”. Did you mean “Science”?"),
    ({"Course": "Xyz"}, "There is no course “Xyz”."),
    ({"Module": "What cell is"}, "There is no module “What cell is”. Did you mean “What a cell is”?"),
    ({"Course": "History"}, "There is no module “What a cell is”."),
    ({"Status": "Compleeted"}, "“Compleeted” is not a status. Did you mean “Completed”?"),
    ({"Status": "x"}, "“x” is not a status. Write one of: Completed, Submitted, In progress, Not started."),
    ({"Status": ""}, "Choose a status or enter a score."),
    ({"Score": "NaN"}, "“NaN” is not a score. Write a number from 0 to 100."),
    ({"Score": "1e999"}, "“1e999” is not a score. Write a number from 0 to 100."),
    ({"Score": "-1"}, "The score -1 is not between 0 and 100."),
    ({"Score": "100.5"}, "The score 100.5 is not between 0 and 100."),
    ({"Score": "83,5"}, "“83,5” is not a score. Write 83.5."),
    ({"Score": "1,234.5"}, "The score 1234.5 is not between 0 and 100."),
    ({"Score": "8%3"}, "“8%3” is not a score. Write a number from 0 to 100."),
    ({"Score": "٣"}, "“٣” is not a score. Write a number from 0 to 100."),
    *[
        ({name: error}, f"The formula in “{name}” failed: {error}.")
        for name in ("Learner", "Score", "Note")
        for error in ("#DIV/0!", "#N/A", "#REF!", "#NAME?", "#SPILL!", "#NV", "#BEZUG!", "#¿NOMBRE?", "Err:502")
    ],
    (
        {"Date": "03/04/2025"},
        "“03/04/2025” is not a date that everyone reads alike. Write 2025-04-03 or 2025-03-04.",
    ),
    ({"Date": "14.03.25"}, "“14.03.25” is not a date that everyone reads alike. Write 2025-03-14."),
    ({"Date": "March"}, f"“March” {NO_DATE}"),
    (
        {"Date": "45737"},
        "“45737” is not a date that everyone reads alike. "
        "As Excel counts days it is 2025-03-21. Write it so, or as a date in Excel.",
    ),
    ({"Date": "2025-02-30"}, "There is no day 2025-02-30."),
    ({"Date": "0001-01-01"}, "The date 0001-01-01 is too long ago to be right."),
    (
        {"Date": LATER.isoformat()},
        f"{LATER:%d %B %Y} lies in the future. Choose today or an earlier day.",
    ),
    ({"Note": "x" * 501}, "The note is longer than 500 characters."),
    ({"Note": "a\0b"}, "There is a character in “Note” that is no text."),
    ({"Status": "Not started", "Score": "3"}, "A module that is set back has no score. Leave the score empty."),
    (
        {"Learner": "", "Score": "NaN"},
        "The cell “Learner” is empty. “NaN” is not a score. Write a number from 0 to 100.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "reason"), DIRTY_CELLS)
def test_a_wrong_cell_is_named_with_its_line(
    sqlite_record: Record, school: School, cells: dict[str, str], reason: str
) -> None:
    assert refused(sqlite_record, school, as_csv([HEADER, GOOD, changed(**cells)])) == [(3, reason)]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (("Lerner", *HEADER[1:]), "“Lerner” is not a column of a progress spreadsheet. Did you mean “Learner”?"),
        (
            (*HEADER[:6], "Colour"),
            "“Colour” is not a column of a progress spreadsheet. "
            "The columns are Learner, Course, Module, Status, Score, Date, Note.",
        ),
        (HEADER[1:], "The column “Learner” is missing."),
        (HEADER[:3], "There must be a column “Status” or “Score”."),
        ((*HEADER, "note"), "There are two columns “Note”."),
    ],
)
def test_a_wrong_header_is_named_with_its_line(
    sqlite_record: Record, school: School, header: tuple[str, ...], reason: str
) -> None:
    assert refused(sqlite_record, school, as_csv([header, GOOD])) == [(1, reason)]


def test_lines_are_counted_as_an_editor_does(sqlite_record: Record, school: School) -> None:
    bad = changed(Score="x")
    content = b"\r\n" + as_csv([HEADER, changed(Note="two\nlines"), ()]) + b"\n,,,,,,\n" + as_csv([bad])
    assert [line for line, _ in refused(sqlite_record, school, content)] == [8]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (as_csv([HEADER, GOOD]) + b"Zo\x81,Science", 3, "not written in UTF-8"),
        (as_csv([HEADER, GOOD, changed(Note="dûrch und dürch")]) + b"Zo\xeb,Science", 4, "not written in UTF-8"),
        (as_csv([HEADER, GOOD]).decode().encode("utf-16-le"), 1, "UTF-16 without the mark"),
        (as_csv([HEADER, GOOD]).decode().encode("utf-16-be"), 1, "UTF-16 without the mark"),
        ("\ufeffLearner\r\n".encode("utf-16-le") + b"\x00\xd8\x00\x00", 2, "not written in UTF-16"),
        (as_csv([HEADER, GOOD]) + b'"ada,Science\nmore', 3, "quotation mark"),
        (as_csv([HEADER, GOOD]) + b'"' + b"x" * 200_000 + b'"', 3, "far too long"),
        (as_csv([HEADER, ["x"] * 101]), 2, "more than 100 cells"),
        (as_csv([HEADER, (*GOOD, "more")]), 2, "a column without a heading"),
    ],
)
def test_text_that_cannot_be_read_is_named_with_its_line(
    sqlite_record: Record, school: School, content: bytes, line: int, words: str
) -> None:
    ((found, reason),) = refused(sqlite_record, school, content)
    assert found == line
    assert words in reason


def test_workbook_names_its_lines_as_excel_does(sqlite_record: Record, school: School) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, HEADER)
        for line in (4, 5, 6):
            sheet.write_row(line, 1, GOOD)
        sheet.write_formula(5, 5, "=1/0", None, "#DIV/0!")
        sheet.write_boolean(6, 6, True)
        sheet.write_blank(900, 1, None, book.add_format({"bold": True}))

    assert refused(sqlite_record, school, workbook(fill)) == [
        (6, "The formula in “Score” failed: #DIV/0!."),
        (7, f"“TRUE” {NO_DATE}"),
    ]


def test_a_cell_in_the_last_corner_costs_no_memory(sqlite_record: Record, school: School) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1_048_575, 16_383, "x")

    assert refused(sqlite_record, school, workbook(fill)) == [
        (1_048_576, "There is something beyond the first 100 columns.")
    ]


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(101_000_000))
    return packed.getvalue()


def many_rows() -> bytes:
    return as_csv([HEADER]) + b"x\n" * (MOST_ROWS + 1)


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "' + b"x" * 1000 + b'">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"&a;") * 50) for n in range(6))
    + b"]><worksheet><sheetData><row><c t='str'><v>&a5;</v></c></row></sheetData></worksheet>"
)  # fmt: skip

NO_SHEETS = [
    (b"", NothingInIt),
    (b"\n\n", NothingInIt),
    (b",,,\n,,", NothingInIt),
    (as_xlsx([]), NothingInIt),
    (b"%PDF-1.7 ...", NotASpreadsheet),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), LockedOrOldWorkbook),
    (b"PK\x03\x04 this is no ZIP", DamagedWorkbook),
    (as_xlsx([HEADER, GOOD])[:-200], DamagedWorkbook),
    (with_part(as_xlsx([HEADER, GOOD]), "xl/worksheets/sheet1.xml", b"<row>"), DamagedWorkbook),
    (with_part(as_xlsx([HEADER, GOOD]), "xl/sharedStrings.xml", b"<sst/>"), DamagedWorkbook),
    (with_part(as_xlsx([HEADER, GOOD]), "xl/worksheets/sheet1.xml", ENTITIES), DamagedWorkbook),
    (with_part(as_xlsx([HEADER, GOOD]), "xl/sharedStrings.xml", ENTITIES), DamagedWorkbook),
    (with_part(as_xlsx([HEADER, GOOD]), "xl/sharedStrings.xml", b"<sst>" + b"<si/>" * MOST_TAGS), TooLarge),
    (with_part(as_xlsx([HEADER, GOOD]), "xl/worksheets/sheet1.xml", b"<row>" + b"<c/>" * MOST_TAGS), TooLarge),
    (zip_bomb(), TooLarge),
    (b"x" * (MOST_BYTES + 1), TooLarge),
    (many_rows(), TooLarge),
]


@pytest.mark.parametrize(
    ("content", "error"), NO_SHEETS, ids=[f"{n} {error.__name__}" for n, (_, error) in enumerate(NO_SHEETS)]
)
def test_what_is_no_spreadsheet_is_named(
    sqlite_record: Record, school: School, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error, match=r"^marks\.csv "):
        import_spreadsheet(sqlite_record, content, viewer=school.viewer("administrator"), name="marks.csv")
    assert count_of_events(sqlite_record) == 0


def test_text_that_only_calls_itself_a_workbook_is_named(sqlite_record: Record, school: School) -> None:
    with pytest.raises(NotASpreadsheet, match=r"marks\.xlsx is neither"):
        import_spreadsheet(
            sqlite_record, as_csv([HEADER, GOOD]), viewer=school.viewer("administrator"), name="marks.xlsx"
        )


def test_a_header_without_lines_says_so(sqlite_record: Record, school: School) -> None:
    report = import_spreadsheet(sqlite_record, as_csv([HEADER]), viewer=school.viewer("administrator"))
    assert (report.notes, report.changed_count) == (["There are no lines beneath the header."], 0)
