"""Importing a progress spreadsheet, from its bytes to the record, in one transaction."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from sqlalchemy.exc import IntegrityError

from data.record import Record
from data.source_rows import Tally
from data.viewer import Viewer
from progress.audit.imports import note_import
from progress.importers.shared.report import LINES_SCHEMA, ImportReport
from progress.importers.spreadsheet.columns import column_places
from progress.importers.spreadsheet.judging import Judged, judge
from progress.importers.spreadsheet.reading import read_sheet
from progress.importers.spreadsheet.sheet import NothingInIt, Sheet, UnreadableLine
from progress.importers.spreadsheet.stating import Stated, stated_lines

Progress = Callable[[int, int, str], object]


class _RolledBack(Exception):
    """Raised inside a write transaction to roll it back."""


def import_spreadsheet(
    record: Record,
    source: Path | bytes,
    *,
    viewer: Viewer,
    name: str = "The file",
    preview: bool = False,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Record what a spreadsheet states, on the viewer's authority. Importing the same sheet again changes nothing.

    If any line is refused, nothing is recorded, unless `skip_refused` records the others. `preview` does all the work
    and rolls it back, so its report says what importing would do. `name` is the file's name if `source` has no path.
    Raises the CannotImport that says why the file is not a spreadsheet.
    """
    show = progress or (lambda done, total, label: None)
    file, content = (source.name, source.read_bytes()) if isinstance(source, Path) else (name, source)
    show(0, 3, "Reading the file")
    notes: list[str] = []
    try:
        sheet = _sheet(file, content)
        notes += sheet.notes
        lines = stated_lines(sheet.rows[1:], column_places(sheet.rows[0]), sheet.may_have_decimal_commas)
    except UnreadableLine as fault:
        return _report(file, [Judged(fault.line, "", "refused", fault.reason)], notes, is_applied=False)
    show(1, 3, f"{'Checking' if preview else 'Recording'} {len(lines):,} lines")
    judged, is_applied = _record(record, viewer, lines, preview, skip_refused)
    show(3, 3, "Done")
    return _report(file, judged, [*notes, *_notes(judged, preview, is_applied)], is_applied=is_applied)


def _sheet(file: str, content: bytes) -> Sheet:
    sheet = read_sheet(file, content)
    if not sheet.rows:
        raise NothingInIt(file)
    return sheet


def _record(
    record: Record, viewer: Viewer, lines: list[Stated], preview: bool, skip_refused: bool
) -> tuple[list[Judged], bool]:
    """The outcome of each line, and whether it was committed."""
    try:
        with record.writing(by=viewer.user_id) as tx:
            judged = judge(tx, viewer, lines, datetime.now(UTC))
            if preview or (not skip_refused and any(each.outcome == "refused" for each in judged)):
                raise _RolledBack
            created = sum(each.outcome == "created" for each in judged)
            note_import(tx, "Progress spreadsheet", {"entries": Tally(created=created)})
    except _RolledBack:
        return judged, False
    except IntegrityError:
        # Someone else stored one of these events after we looked. Trying again finds it there.
        return _record(record, viewer, lines, preview, skip_refused)
    return judged, True


def _notes(judged: list[Judged], preview: bool, is_applied: bool) -> list[str]:
    if not judged:
        return ["There are no lines beneath the header."]
    return [] if is_applied or preview else ["Nothing was recorded, because of the refused lines."]


def _report(file: str, judged: list[Judged], notes: list[str], *, is_applied: bool) -> ImportReport:
    lines = [(file, each.line, each.outcome, each.subject, each.reason) for each in judged]
    frame = pl.DataFrame(lines, schema=LINES_SCHEMA, orient="row")
    counts = Counter(frame["outcome"])
    report = ImportReport(is_applied=is_applied, notes=notes)
    report.add_lines(frame)
    report.tally_all({"entries": Tally(created=counts["created"], unchanged=counts["unchanged"])})
    return report
