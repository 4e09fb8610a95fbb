"""Reading a sheet from a file whose kind is recognised by its content, not by its name."""

from progress.importers.spreadsheet.delimited import delimited_sheet
from progress.importers.spreadsheet.sheet import (
    MOST_BYTES,
    LockedOrOldWorkbook,
    NotASpreadsheet,
    NothingInIt,
    Sheet,
    TooLarge,
)
from progress.importers.spreadsheet.workbook import workbook_sheet

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Files that begin like this are neither CSV nor workbooks: PDF, PNG, JPEG, GIF, gzip, an empty ZIP.
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"PK\x05\x06")


def read_sheet(name: str, content: bytes) -> Sheet:
    """The rows that are not blank, header first. Raises CannotImport and UnreadableLine."""
    if len(content) > MOST_BYTES:
        raise TooLarge(name, f"more than {MOST_BYTES // 1_000_000} MB")
    if not content.strip():
        raise NothingInIt(name)
    if content.startswith(_COMPOUND):
        raise LockedOrOldWorkbook(name)
    if content.startswith(_OTHERS) or (name.lower().endswith((".xlsx", ".xlsm")) and not content.startswith(_ZIP)):
        raise NotASpreadsheet(name)
    return workbook_sheet(name, content) if content.startswith(_ZIP) else delimited_sheet(name, content)
