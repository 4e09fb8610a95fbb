"""What can be imported through the page: each kind with its files and the importer that takes them."""

from collections.abc import Callable
from dataclasses import dataclass

from data.viewer import Viewer
from progress.importers.shared.report import ImportReport
from progress.importers.uploads import import_uploaded_roster, import_uploaded_spreadsheet

Progress = Callable[[int, int, str], object]


@dataclass(frozen=True)
class Upload:
    """A file as it was uploaded, and how to take it: `preview` changes nothing."""

    name: str
    content: bytes
    preview: bool
    skip_refused: bool


@dataclass(frozen=True)
class Kind:
    """`suffixes` are what its files may be called, `intro` says what it is in Markdown."""

    label: str
    intro: str
    suffixes: tuple[str, ...]
    most_megabytes: int
    run: Callable[[Viewer, Upload, Progress], ImportReport]


def _import_spreadsheet(viewer: Viewer, upload: Upload, progress: Progress) -> ImportReport:
    return import_uploaded_spreadsheet(
        viewer,
        upload.name,
        upload.content,
        preview=upload.preview,
        skip_refused=upload.skip_refused,
        progress=progress,
    )


def _import_roster(viewer: Viewer, upload: Upload, progress: Progress) -> ImportReport:
    return import_uploaded_roster(
        viewer,
        upload.content,
        preview=upload.preview,
        skip_refused=upload.skip_refused,
        progress=progress,
    )


SPREADSHEET = Kind(
    "Progress spreadsheet",
    "A line for each learner and module: what was done, the score, the day. Start from the template.",
    ("csv", "tsv", "txt", "xlsx"),
    10,
    _import_spreadsheet,
)
ROSTER = Kind(
    "School roster",
    "A OneRoster package, version 1.1 or 1.2: a ZIP file of CSV files with schools, courses, classes, people and "
    "enrolments, as roster systems export it.",
    ("zip",),
    50,
    _import_roster,
)
KINDS = (SPREADSHEET, ROSTER)
