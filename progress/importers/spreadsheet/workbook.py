"""Excel workbooks (.xlsx): which parts they consist of, and the rows of the first sheet as text.

Taken apart by a streaming parser here and not by the library that reads workbooks elsewhere: that one makes room for
every cell up to the last, so that five kilobytes with a single cell in the last corner end the whole process.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

from progress.importers.spreadsheet.cells import SharedTexts, SheetCells, date_styles, local_name
from progress.importers.spreadsheet.sheet import DamagedWorkbook, SheetRow, TooLarge, row_of

MOST_UNPACKED_BYTES = 100_000_000

_CHUNK = 1 << 16
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, ExpatError, KeyError, ValueError, IndexError, EOFError,
    NotImplementedError, RuntimeError, OSError, StopIteration,
)  # fmt: skip


def workbook_rows(name: str, content: bytes) -> Iterator[SheetRow]:
    """The rows of the first sheet. Raises DamagedWorkbook, TooLarge and UnreadableLine."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise TooLarge(name, f"more than {MOST_UNPACKED_BYTES // 1_000_000} MB in it when unpacked")
            cells = _cells_of_first_sheet(name, archive)
    except _DAMAGE:
        raise DamagedWorkbook(name) from None
    return (row for line, texts in cells.rows if (row := row_of(line, texts)))


def _cells_of_first_sheet(name: str, archive: zipfile.ZipFile) -> SheetCells:
    book_path = next(iter(_related(archive, "", "officeDocument").values()))
    book = ElementTree.fromstring(archive.read(book_path))
    sheets = _related(archive, book_path, "worksheet")
    listed = [_reference(sheet) for sheet in book.iter() if local_name(sheet.tag) == "sheet"]
    path = next(sheets[reference] for reference in listed if reference in sheets)
    texts = SharedTexts()
    for part in _related(archive, book_path, "sharedStrings").values():
        _parse(archive, part, texts)
    styles = [archive.read(part) for part in _related(archive, book_path, "styles").values()]
    cells = SheetCells(name, texts.texts, date_styles(*styles), counts_from_1904=_counts_from_1904(book))
    _parse(archive, path, cells)
    return cells


def _related(archive: zipfile.ZipFile, path: str, kind: str) -> dict[str, str]:
    """Paths of the parts of this kind that the part at `path` relates to, by the ids of the relations."""
    folder, _, file = path.rpartition("/")
    relations = ElementTree.fromstring(archive.read(join(folder, "_rels", f"{file}.rels")))
    return {
        relation.attrib["Id"]: normpath(join("/", folder, relation.attrib["Target"])).lstrip("/")
        for relation in relations
        if relation.attrib["Type"].endswith(f"/{kind}")
    }


def _reference(sheet: ElementTree.Element) -> str | None:
    return next((value for key, value in sheet.attrib.items() if local_name(key) == "id"), None)


def _counts_from_1904(book: ElementTree.Element) -> bool:
    settings = (part for part in book.iter() if local_name(part.tag) == "workbookPr")
    return any(part.get("date1904") in ("1", "true") for part in settings)


def _parse(archive: zipfile.ZipFile, path: str, target: Any) -> None:
    """Feed a part to a target, which gathers what it wants; no tree grows in memory."""
    parser = ElementTree.XMLParser(target=target)
    with archive.open(path) as part:
        while chunk := part.read(_CHUNK):
            parser.feed(chunk)
    parser.close()
