"""Whatever the bytes, reading a spreadsheet ends with rows or with a named error; ours and another's reader agree."""

from contextlib import suppress
from datetime import date

import fastexcel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.record import Record
from progress.importers.shared.report import CannotImport
from progress.importers.spreadsheet.importing import import_spreadsheet
from progress.importers.spreadsheet.reading import read_sheet
from progress.importers.spreadsheet.sheet import UnreadableLine
from tests.examples import up_to
from tests.progress.importers.spreadsheet.sheets import GOOD, HEADER, as_csv, as_xlsx, named_school, with_part
from tests.progress.school import School

CELLS = st.sampled_from(
    ["", "ada", "L-2", "Science", "History", "What a cell is", "Q1", "Completed", "Not started", "50", "1e999", "NaN",
     "2025-01-20", "1/2/25", "=1+1", "#N/A", '"', "\n", "ß", "\0", "\u2028"]
) | st.text(max_size=6)  # fmt: skip
LINES = st.lists(st.lists(CELLS, max_size=9), max_size=6)
GOOD_BOOK = as_xlsx([HEADER, GOOD])


@pytest.fixture(scope="module")
def school_and_record(migrated_sqlite_file: object, tmp_path_factory: pytest.TempPathFactory) -> tuple[School, Record]:
    path = tmp_path_factory.mktemp("record") / "waymark.db"
    path.write_bytes(migrated_sqlite_file.read_bytes())  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{path}")
        record = Record(f"sqlite:///{path}")
        return named_school(record), record


def read(content: bytes, name: str = "x") -> None:
    with suppress(CannotImport, UnreadableLine):
        read_sheet(name, content)


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail))
def test_any_bytes_are_read_or_refused_by_name(content: bytes) -> None:
    read(content)


@given(
    st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]),
    st.data(),
)
@settings(max_examples=up_to(60))
def test_a_workbook_with_any_damage_is_read_or_refused_by_name(path: str, data: st.DataObject) -> None:
    part = data.draw(
        st.binary(max_size=80)
        | st.sampled_from(
            [
                b"<a/>",
                b"<worksheet><sheetData><row r='x'/></sheetData></worksheet>",
                b"<worksheet><row r='-7'><c r='A1' s='9' t='s'><v>99999</v></c></row></worksheet>",
                b"<worksheet><row><c r='ZZZ1'><v>1e999</v></c><c t='e'/><c><v>x</v></c></row></worksheet>",
                b"<workbook><sheets><sheet/></sheets></workbook>",
                b"<styleSheet><cellXfs><xf numFmtId='99999999999999999999'/><xf numFmtId='x'/></cellXfs></styleSheet>",
            ]
        )
    )
    read(with_part(GOOD_BOOK, path, part))
    start = data.draw(st.integers(0, len(GOOD_BOOK) - 1))
    read(GOOD_BOOK[:start] + part + GOOD_BOOK[start + len(part) :])


@given(LINES)
@settings(max_examples=up_to(30), deadline=None)
def test_any_lines_end_in_a_report_and_previewing_them_stores_nothing(
    school_and_record: tuple[School, Record], lines: list[list[str]]
) -> None:
    school, record = school_and_record
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", record.url)
        viewer = school.viewer("administrator")
        report = import_spreadsheet(record, as_csv([HEADER, *lines]), viewer=viewer, preview=True)
    assert not report.is_applied
    assert set(report.lines["outcome"]) <= {"created", "unchanged", "refused", "ignored"}


VALUES = (
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff_"), min_size=1
    ).filter(lambda text: text.strip() == text and not text.startswith("="))
    | st.integers(-(10**6), 10**6)
    | st.decimals(-1000, 1000, places=3).map(float)
    | st.dates(date(1901, 1, 1), date(2100, 1, 1))
)


@given(st.lists(st.lists(VALUES, min_size=1, max_size=4), min_size=1, max_size=5))
@settings(max_examples=up_to(60), deadline=None)
def test_workbooks_read_as_another_reader_reads_them(rows: list[list[object]]) -> None:
    content = as_xlsx(rows)
    ours = [row.cells for row in read_sheet("x", content).rows]
    sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
    theirs = [tuple((cell or "").removesuffix(" 00:00:00") for cell in row) for row in sheet.to_polars().rows()]
    width = max(len(row) for row in rows)
    assert [(*row, *[""] * (width - len(row))) for row in ours] == theirs
