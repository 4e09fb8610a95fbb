"""Files that someone uploads, imported into the current record on their word. Administrators alone upload."""

from data.record import current_record
from data.viewer import Viewer, require_administrator
from progress.importers.oneroster.importing import Progress, import_oneroster
from progress.importers.shared.report import ImportReport
from progress.importers.spreadsheet.importing import import_spreadsheet


def import_uploaded_spreadsheet(
    viewer: Viewer, name: str, content: bytes, *, preview: bool, skip_refused: bool, progress: Progress
) -> ImportReport:
    """A progress spreadsheet; `preview` changes nothing. Raises NotAllowed, and CannotImport as the importer does."""
    require_administrator(viewer)
    return import_spreadsheet(
        current_record(),
        content,
        viewer=viewer,
        name=name,
        preview=preview,
        skip_refused=skip_refused,
        progress=progress,
    )


def import_uploaded_roster(
    viewer: Viewer, content: bytes, *, preview: bool, skip_refused: bool, progress: Progress
) -> ImportReport:
    """A OneRoster package; `preview` changes nothing. Raises NotAllowed, and CannotImport as the importer does."""
    require_administrator(viewer)
    return import_oneroster(
        current_record(),
        content,
        preview=preview,
        skip_refused=skip_refused,
        by=viewer.user_id,
        progress=progress,
    )
