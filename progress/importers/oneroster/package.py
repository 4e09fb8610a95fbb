"""Reading a OneRoster package: the ZIP, its manifest and its files, checked against each other but not row by row."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from progress.importers.oneroster.standard import LAYOUTS, LEFT_ALONE, TIME_ZONE, VERSIONS, Layout
from progress.importers.shared.archive import Archive
from progress.importers.shared.csv_text import CsvText
from progress.importers.shared.misspelt import nearest
from progress.importers.shared.report import CannotImport

MANIFEST = "manifest.csv"
# Ids and names of columns are short: with less, strangers would be taken for misspelt.
_LIKENESS = 0.75
_MODES = ("absent", "bulk", "delta")


class MissingManifest(CannotImport):
    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"The package has no {MANIFEST}.{_meant(MANIFEST, names)} Every OneRoster package needs one.")


class UnreadableManifest(CannotImport):
    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(f"{MANIFEST}{f', line {line}' if line else ''}: {reason}.")


class MissingFile(CannotImport):
    def __init__(self, file: str, mode: str, names: Iterable[str]) -> None:
        super().__init__(
            f"{MANIFEST} says that {file} is there ({mode}), but the package lacks it.{_meant(file, names)}"
        )
        self.file = file


class UnannouncedFile(CannotImport):
    def __init__(self, file: str) -> None:
        super().__init__(f"{file} is in the package, but {MANIFEST} does not announce it as bulk or delta.")
        self.file = file


class MissingColumn(CannotImport):
    def __init__(self, file: str, column: str, header: Iterable[str]) -> None:
        super().__init__(f"{file}, line 1: the column “{column}” is missing.{_meant(column, header)}")
        self.file = file
        self.column = column


class MisspeltColumn(CannotImport):
    def __init__(self, file: str, column: str, meant: str) -> None:
        super().__init__(
            f"{file}, line 1: there is no column “{column[:100]}”; is “{meant}” meant? Names must match exactly."
        )
        self.file = file
        self.column = column


@dataclass(frozen=True)
class PackageFile:
    """One file that is read: its rows as text, and its ragged rows as (line, reason)."""

    name: str
    is_delta: bool
    layout: Layout
    rows: pl.DataFrame
    ragged: pl.DataFrame


@dataclass(frozen=True)
class Package:
    """`files` holds the files that are present and read; `notes` say what was ignored."""

    version: str
    files: dict[str, PackageFile]
    notes: list[str]


def read_package(source: Path | bytes | BinaryIO) -> Package:
    """Raises the CannotImport that says why the package as a whole cannot be read."""
    with Archive(source) as archive:
        version, modes, unsaid = _manifest(archive)
        layouts = LAYOUTS[version]
        _check_files(archive.names, modes, layouts)
        notes = [*unsaid, *(_left_alone(archive, name) for name in archive.names if name in LEFT_ALONE)]
        strange = [name for name in archive.names if name not in (*layouts, *LEFT_ALONE, MANIFEST)]
        notes += [f"{name} is no file of OneRoster {version} and was not read." for name in strange]
        files = {}
        for name, layout in layouts.items():
            if name in archive.names:
                files[name], strange_columns = _read(name, archive.read(name), modes[name] == "delta", layout)
                notes += strange_columns
    return Package(version, files, notes)


def _manifest(archive: Archive) -> tuple[str, dict[str, str], list[str]]:
    """The version, each file's mode (absent, bulk or delta), and notes on modes that had to be assumed."""
    if MANIFEST not in archive.names:
        raise MissingManifest(archive.names)
    text = CsvText(MANIFEST, archive.read(MANIFEST))
    for column in ("propertyName", "value"):
        if column not in text.header:
            raise MissingColumn(MANIFEST, column, text.header)
    rows, ragged = text.read(["propertyName", "value"])
    for line, reason in ragged.rows():
        raise UnreadableManifest(line, reason)
    properties = {name or "": (line, value or "") for line, name, value in rows.rows()}
    line, version = properties.get("oneroster.version", (None, ""))
    if version not in VERSIONS:
        raise UnreadableManifest(line, f"oneroster.version is “{version}”; {' and '.join(VERSIONS)} can be read")
    announced = _modes(properties)
    taken = {name: "bulk" if name in archive.names else "absent" for name, (_, mode) in announced if not mode}
    notes = [f"{MANIFEST} does not say what {name} is; it was taken as {mode}." for name, mode in taken.items()]
    return version, {name: mode for name, (_, mode) in announced} | taken, notes


def _modes(properties: dict[str, tuple[int, str]]) -> list[tuple[str, tuple[int, str]]]:
    found = [
        (f"{key.removeprefix('file.')}.csv", value) for key, value in properties.items() if key.startswith("file.")
    ]
    for name, (line, mode) in found:
        if mode and mode not in _MODES:
            raise UnreadableManifest(line, f"file.{name[:-4]} is “{mode}”, not one of {', '.join(_MODES)}")
    return found


def _check_files(names: list[str], modes: dict[str, str], layouts: Iterable[str]) -> None:
    for file, mode in modes.items():
        if mode != "absent" and file not in names:
            raise MissingFile(file, mode, names)
    for file in layouts:
        if file in names and modes.get(file, "absent") == "absent":
            raise UnannouncedFile(file)


def _left_alone(archive: Archive, name: str) -> str:
    count = CsvText(name, archive.read(name)).count_rows()
    return f"{name}: {count:,} rows, of which nothing is stored here."


def _read(name: str, data: bytes, is_delta: bool, layout: Layout) -> tuple[PackageFile, list[str]]:
    text = CsvText(name, data)
    text.header = [TIME_ZONE if _letters(column) == _letters(TIME_ZONE) else column for column in text.header]
    strange = _check_header(name, text.header, layout, is_delta)
    rows, ragged = text.read(layout.names)
    notes = [f"{name}: the column “{column}” is none of the standard's and was not read." for column in strange]
    return PackageFile(name, is_delta, layout, rows, ragged), notes


def _check_header(file: str, header: list[str], layout: Layout, is_delta: bool) -> list[str]:
    """The columns that the standard does not know; its own extensions are named metadata.something."""
    known = {*layout.names, *layout.others}
    strange = [name for name in header if name.strip() and name not in known and not name.startswith("metadata.")]
    for column in (*layout.required, *(("status", "dateLastModified") if is_delta else ())):
        if column not in header:
            raise MissingColumn(file, column, strange)
    for name in strange:
        meant = nearest(name, known - set(header), likeness=_LIKENESS)
        if meant:
            raise MisspeltColumn(file, name, meant)
    return strange


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalpha())


def _meant(name: str, names: Iterable[str]) -> str:
    found = nearest(name, names, likeness=_LIKENESS)
    return f" Is “{found[:100]}” meant for it?" if found else ""
