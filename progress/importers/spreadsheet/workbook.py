"""Reading Excel workbooks (.xlsx): the rows of the first visible sheet as a person sees them, and what is hidden.

openpyxl's sheets allocate every cell up to the last one, so its parser is used row by row instead, after checking
bounds on what the workbook contains.
"""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from openpyxl.cell.cell import Cell
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import COL_TAG, FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring, iterparse

from progress.importers.spreadsheet.number_formats import shown_number
from progress.importers.spreadsheet.sheet import (
    MOST_COLUMNS,
    MOST_ROWS,
    DamagedWorkbook,
    NothingVisible,
    Sheet,
    SheetRow,
    TooLarge,
    UnreadableLine,
    row_of,
)

warnings.filterwarnings("ignore", module="openpyxl")  # they concern things not read here, such as print settings

MOST_UNPACKED_BYTES = 100_000_000
MOST_TAGS = 6_000_000  # a full sheet has four million; each can take a hundred bytes of memory

_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", SHEET_MAIN_NS.encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_CALCULATION = f"{{{SHEET_MAIN_NS}}}calcPr"
_EAST_ASIAN_DATES = frozenset({*range(27, 37), *range(50, 59)})  # date formats that openpyxl does not know
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException, InvalidFileException, KeyError, ValueError,
    TypeError, AttributeError, IndexError, EOFError, NotImplementedError, RuntimeError, OSError, OverflowError,
)  # fmt: skip


def workbook_sheet(name: str, content: bytes) -> Sheet:
    """The first visible sheet. Raises DamagedWorkbook, NothingVisible, TooLarge and UnreadableLine."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            readable = _bounded(name, archive, content)
        reader = ExcelReader(BytesIO(readable), read_only=True, data_only=True, keep_links=False)
        reader.read()
        visible = [sheet for sheet in reader.wb.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise NothingVisible(name)
        rows = _Rows(reader, visible[0])
        return Sheet(_bounded_rows(name, rows), [*_note_of_sheets([sheet.title for sheet in visible]), *rows.notes()])
    except _DAMAGE:
        raise DamagedWorkbook(name) from None


def _bounded(name: str, archive: zipfile.ZipFile, content: bytes) -> bytes:
    """The same workbook, converted to the transitional dialect if it is in the strict one. Raises TooLarge."""
    if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED_BYTES:
        raise TooLarge(name, f"more than {MOST_UNPACKED_BYTES // 1_000_000} MB in it when unpacked")
    tags, is_strict = 0, False
    for part in archive.namelist():
        unpacked = archive.read(part)
        tags += unpacked.count(b"<") if part.endswith((".xml", ".rels")) else 0
        is_strict |= part.endswith(".xml") and _STRICT[0][0] in unpacked
    if tags > MOST_TAGS:
        raise TooLarge(name, "too many cells, styles or texts")
    return _in_transitional_dialect(archive) if is_strict else content


def _in_transitional_dialect(archive: zipfile.ZipFile) -> bytes:
    changed = BytesIO()
    with zipfile.ZipFile(changed, "w") as new:
        for part in archive.namelist():
            unpacked = archive.read(part)
            for strict, transitional in _STRICT:
                unpacked = unpacked.replace(strict, transitional)
            new.writestr(part, unpacked)
    return changed.getvalue()


def _note_of_sheets(titles: list[str]) -> list[str]:
    if len(titles) < 2:
        return []
    others = ", ".join(f"“{title}”" for title in titles[1:6]) + (" and others" if len(titles) > 6 else "")
    return [f"The workbook has {len(titles)} visible sheets. “{titles[0]}” is read; {others} not."]


def _bounded_rows(name: str, rows: "_Rows") -> list[SheetRow]:
    kept: list[SheetRow] = []
    for row in rows.read():
        if len(kept) > MOST_ROWS:
            raise TooLarge(name, f"more than {MOST_ROWS:,} rows")
        kept.append(row)
    return kept


class _Rows(WorkSheetParser):  # type: ignore[misc]
    """The rows of a sheet one by one, with a count of those that are hidden."""

    def __init__(self, reader: ExcelReader, sheet: ReadOnlyWorksheet) -> None:
        book = reader.wb
        formats = [style.numFmtId for style in book._cell_styles]
        dates = {place for place, number in enumerate(formats) if number in _EAST_ASIAN_DATES} | book._date_formats
        super().__init__(
            sheet._get_source(), reader.shared_strings, data_only=True, epoch=book.epoch, date_formats=dates,
            timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        self._formats = [Cell(sheet, style_array=style).number_format for style in book._cell_styles]
        self._is_calculated_on_opening = _is_calculated_on_opening(reader)
        self._hidden_lines: list[int] = []
        self._used: set[int] = set()

    def read(self) -> Iterator[SheetRow]:
        """The rows that are not blank. Raises UnreadableLine."""
        rows: Element | None = None
        for event, element in iterparse(self.source, ("start", "end")):
            if event == "start":
                rows = element if element.tag.endswith("}sheetData") else rows
            elif element.tag == COL_TAG:
                self.parse_column_dimensions(element)
            elif element.tag == ROW_TAG and rows is not None:
                if row := self._row(element):
                    yield row
                rows.clear()  # otherwise parsed rows pile up in memory

    def notes(self) -> list[str]:
        """What was hidden; complete once all rows are read."""
        hidden = [place for place in sorted(self._used) if self._is_hidden(place)]
        lines = self._hidden_lines
        return [
            *([_words(len(lines), "row", f"line {lines[0]}" if len(lines) == 1 else f"first: line {lines[0]}")]
              if lines else []),
            *([_words(len(hidden), "column", "counted from the left: " + ", ".join(map(str, hidden)))]
              if hidden else []),
        ]  # fmt: skip

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        value = element.find(VALUE_TAG)
        is_missing = value is None or (not value.text and element.get("t") != "str")
        is_formula = element.find(FORMULA_TAG) is not None and element.get("t") != "e"
        return cell | {"is_uncalculated": is_formula and (is_missing or self._is_calculated_on_opening)}

    def _row(self, element: Element) -> SheetRow | None:
        line, cells = self.parse_row(element)
        texts: list[str] = []
        uncalculated = set()
        for cell in cells:
            text, place = self._text(cell), cell["column"]
            if not text and not cell["is_uncalculated"]:
                continue
            if place > MOST_COLUMNS:
                raise UnreadableLine(line, f"There is something beyond the first {MOST_COLUMNS} columns.")
            texts += [""] * (place - len(texts))
            texts[place - 1] = text
            if cell["is_uncalculated"]:
                uncalculated.add(place - 1)
            self._used.add(place)
        row = row_of(line, texts, frozenset(uncalculated))
        if row and (element.get("hidden") in ("1", "true") or element.get("ht") == "0"):
            self._hidden_lines.append(line)
        return row

    def _text(self, cell: dict[str, Any]) -> str:
        value = cell["value"]
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, datetime):
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, int | float):
            style = cell["style_id"]
            return shown_number(value, self._formats[style] if style < len(self._formats) else "General")
        return "" if value is None else str(value)

    def _is_hidden(self, place: int) -> bool:
        return any(
            int(each["min"]) <= place <= int(each["max"])
            and (each.get("hidden") in ("1", "true") or each.get("width") == "0")
            for each in self.column_dimensions.values()
        )


def _words(count: int, noun: str, where: str) -> str:
    are = f"1 {noun} is" if count == 1 else f"{count:,} {noun}s are"
    return f"{are} hidden in the workbook, and read all the same ({where})."


def _is_calculated_on_opening(reader: ExcelReader) -> bool:
    """Whether the workbook asks to be calculated on opening, as programs that cannot calculate make it do."""
    book = fromstring(reader.archive.read(reader.parser.workbook_part_name))
    settings = book.find(_CALCULATION)
    return settings is not None and settings.get("fullCalcOnLoad") in ("1", "true")
