"""Reading an untrusted ZIP in memory: nothing is written to disk, and unpacking is bounded."""

import struct
import zipfile
import zlib
from collections import Counter
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from progress.importers.shared.report import CannotImport

MOST_MEMBERS = 1_000
MOST_BYTES = 500_000_000
MOST_BYTES_A_BYTE = 200
_HARMLESS_BYTES = 1_000_000  # below this any ratio is allowed: a column of one repeated word compresses well
_CHUNK = 1 << 20
_NOT_FILES = ("__MACOSX/", ".")  # added by other systems

_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, RuntimeError)


class NotAnArchive(CannotImport):
    def __init__(self) -> None:
        super().__init__("This is not a ZIP file.")


class DamagedArchive(CannotImport):
    def __init__(self, member: str | None = None) -> None:
        place = f"“{member}” in the ZIP file" if member else "The ZIP file"
        super().__init__(f"{place} is damaged or cut off. Make or copy the file again.")
        self.member = member


class EncryptedArchive(CannotImport):
    def __init__(self, member: str) -> None:
        super().__init__(f"“{member}” in the ZIP file is encrypted. Make the file again without a password.")
        self.member = member


class UnsupportedCompression(CannotImport):
    def __init__(self, member: str) -> None:
        super().__init__(f"“{member}” is packed in a way that is not read here. Make an ordinary ZIP file (“deflate”).")
        self.member = member


class TooManyMembers(CannotImport):
    def __init__(self, count: int) -> None:
        super().__init__(f"The ZIP file holds {count:,} files; at most {MOST_MEMBERS:,} are read.")
        self.count = count


class UnsafeName(CannotImport):
    def __init__(self, name: str) -> None:
        super().__init__(f"The ZIP file holds a file named “{name[:100]}”; a name must not lead out of the ZIP file.")
        self.name = name


class TooDeep(CannotImport):
    def __init__(self, name: str) -> None:
        super().__init__(f"“{name[:100]}” lies too deep; files belong at the top of the ZIP file, or in one folder.")
        self.name = name


class RepeatedMember(CannotImport):
    def __init__(self, name: str) -> None:
        super().__init__(f"The ZIP file holds “{name[:100]}” more than once.")
        self.name = name


class ArchiveTooLarge(CannotImport):
    def __init__(self) -> None:
        super().__init__(
            f"Unpacked, the ZIP file would be larger than {MOST_BYTES // 1_000_000:,} MB or more than "
            f"{MOST_BYTES_A_BYTE} times its packed size. It is not read."
        )


class Archive:
    """The files of a ZIP by name, without their folder. Reading all of them together stays within the limits."""

    def __init__(self, source: Path | bytes | BinaryIO) -> None:
        """Raises the CannotImport that says why the ZIP cannot be trusted or read."""
        self._zip = _opened(BytesIO(source) if isinstance(source, bytes) else source)
        try:
            members = [info for info in self._zip.infolist() if not info.is_dir()]
            _check_members(members)
            self._members = {Path(info.filename).name: info for info in members if _is_file(info.filename)}
        except CannotImport:
            self._zip.close()
            raise
        self._bytes_left = MOST_BYTES

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of a file, counted while unpacking. Raises DamagedArchive and ArchiveTooLarge."""
        info = self._members[name]
        limit = min(self._bytes_left, max(_HARMLESS_BYTES, info.compress_size * MOST_BYTES_A_BYTE))
        unpacked = bytearray()
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(_CHUNK):
                    unpacked += chunk
                    if len(unpacked) > limit:
                        raise ArchiveTooLarge
        except _DAMAGE:
            raise DamagedArchive(name) from None
        self._bytes_left -= len(unpacked)
        return bytes(unpacked)


def _opened(source: Path | BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except _DAMAGE:
        raise (DamagedArchive() if _begins_like_a_zip(source) else NotAnArchive()) from None


def _begins_like_a_zip(source: Path | BinaryIO) -> bool:
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    source.seek(0)
    return source.read(4) == b"PK\x03\x04"


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise TooManyMembers(len(members))
    for info in members:
        _check_member(info)
    names = Counter(Path(info.filename).name for info in members if _is_file(info.filename))
    for name, count in names.items():
        if count > 1:
            raise RepeatedMember(name)
    if sum(info.file_size for info in members) > MOST_BYTES:
        raise ArchiveTooLarge


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.filename
    parts = name.split("/")
    if not name.isprintable() or "\\" in name or ":" in name or name.startswith("/") or ".." in parts:
        raise UnsafeName(name)
    if _is_file(name) and len(parts) > 2:
        raise TooDeep(name)
    if info.flag_bits & 0x1:
        raise EncryptedArchive(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnsupportedCompression(name)
    if info.file_size > max(_HARMLESS_BYTES, info.compress_size * MOST_BYTES_A_BYTE):
        raise ArchiveTooLarge


def _is_file(name: str) -> bool:
    return not name.startswith(_NOT_FILES) and not Path(name).name.startswith(".")
