"""ZIP files that cannot be trusted or read: each is told in words, and none is unpacked beyond what is allowed."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from progress.importers.shared import archive
from progress.importers.shared.archive import (
    Archive,
    ArchiveTooLarge,
    DamagedArchive,
    EncryptedArchive,
    NotAnArchive,
    RepeatedMember,
    TooDeep,
    TooManyMembers,
    UnsafeName,
    UnsupportedCompression,
)
from progress.importers.shared.report import CannotImport


def zipped(members: list[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Dated 1980 whenever it is packed: tests are named after the bytes, and every worker must find the same tests."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, data in members:
            target.writestr(zipfile.ZipInfo(name), data, compression)
    return packed.getvalue()


def test_files_are_read_from_bytes_from_a_path_and_from_an_open_file(tmp_path: Path) -> None:
    data = zipped([("a.csv", b"one"), ("b.csv", b"two")])
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    for source in (data, path, BytesIO(data)):
        with Archive(source) as opened:
            assert {name: opened.read(name) for name in opened.names} == {"a.csv": b"one", "b.csv": b"two"}


def test_one_folder_around_the_files_is_no_matter_and_what_systems_add_is_passed_over() -> None:
    data = zipped([("roster/a.csv", b"one"), ("__MACOSX/roster/._a.csv", b"x"), ("roster/.DS_Store", b"x")])
    with Archive(data) as opened:
        assert opened.names == ["a.csv"]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", NotAnArchive, "This is not a ZIP file."),
        (b"sourcedId,name\r\n", NotAnArchive, "This is not a ZIP file."),
        (zipped([("a.csv", b"one" * 999)])[:60], DamagedArchive, "damaged or cut off"),
        (zipped([("../a.csv", b"one")]), UnsafeName, "“../a.csv”"),
        (zipped([("/etc/a.csv", b"one")]), UnsafeName, "must not lead out"),
        (zipped([("C:/a.csv", b"one")]), UnsafeName, "must not lead out"),
        (zipped([("one\\a.csv", b"one")]), UnsafeName, "must not lead out"),
        (zipped([("one/two/a.csv", b"one")]), TooDeep, "lies too deep"),
        (zipped([("one/a.csv", b"one"), ("two/a.csv", b"two")]), RepeatedMember, "“a.csv” more than once"),
        (zipped([(f"{n}.csv", b"") for n in range(1_001)]), TooManyMembers, "1,001 files"),
        (zipped([("a.csv", b"one")], zipfile.ZIP_BZIP2), UnsupportedCompression, "deflate"),
        (zipped([("a.csv", bytes(20_000_000))]), ArchiveTooLarge, "500 MB or more than 200 times"),
    ],
)
def test_zip_that_is_none_or_not_to_be_trusted_is_told(data: bytes, error: type[CannotImport], words: str) -> None:
    with pytest.raises(error, match=words.replace(".", r"\.")):
        Archive(data)


def test_encrypted_file_is_told() -> None:
    data = bytearray(zipped([("a.csv", b"one")]))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    with pytest.raises(EncryptedArchive, match="without a password"):
        Archive(bytes(data))


def test_file_whose_bytes_were_changed_is_told() -> None:
    data = bytearray(zipped([("a.csv", b"one, two, three")], zipfile.ZIP_STORED))
    data[data.index(b"two")] = ord("T")
    with Archive(bytes(data)) as opened, pytest.raises(DamagedArchive, match=r"a\.csv"):
        opened.read("a.csv")


def test_file_that_lies_about_its_size_is_told() -> None:
    """It says that it holds 100 bytes; the limit is enforced on what comes out, not on what is said."""
    data = bytearray(zipped([("a.csv", bytes(20_000_000))]))
    for signature, size in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(signature) + size
        data[place : place + 4] = struct.pack("<I", 100)
    with Archive(bytes(data)) as opened, pytest.raises(DamagedArchive):
        opened.read("a.csv")


def test_files_that_are_too_large_together_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000)
    Archive(zipped([("a.csv", bytes(500)), ("b.csv", bytes(500))]))
    with pytest.raises(ArchiveTooLarge):
        Archive(zipped([("a.csv", bytes(500)), ("b.csv", bytes(501))]))


def test_what_is_unpacked_is_counted_over_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000)
    with Archive(zipped([("a.csv", bytes(600))])) as opened:
        opened.read("a.csv")
        with pytest.raises(ArchiveTooLarge):
            opened.read("a.csv")
