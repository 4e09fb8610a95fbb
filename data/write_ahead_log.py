"""Checking that SQLite's log belongs to the record's file.

SQLite uses any log next to a file as that file's own, and neither names the other. If an older file is put back next to
a newer log, pages of both are mixed, which damages the record or loses what lay between. Every write transaction stores
its number in `record_info`, so the numbers can be compared: a file's own log continues where the file ends.
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from data.troubles import RecordTrouble, shown

_HEADER = struct.Struct(">8I")  # magic, version, page size, sequence, two salts, two checksums
_FRAME = struct.Struct(">6I")  # page, pages of the file after a commit (else 0), two salts, two checksums
_LOOKS = 3


class LogOfAnotherState(RecordTrouble):
    words = (
        "The file of the record at {where} and its log (the file that ends in -wal) do not belong together: {numbers}. "
        "One of them was copied without the other. Put back both as they were, or move the log to another folder to go "
        "on with what the file holds, or restore a backup: python -m progress restore FILE --replace"
    )

    def __init__(self, where: str, numbers: str) -> None:
        self.words = self.words.replace("{numbers}", numbers)
        super().__init__(where)


def require_own_log(url: str) -> None:
    """Raises LogOfAnotherState. Call it before SQLite opens the file, which would start to merge the two."""
    file = Path(make_url(url).database or "")
    log = file.with_name(file.name + "-wal")
    if not file.is_file() or not log.is_file() or log.stat().st_size <= _HEADER.size:
        return
    for _ in range(_LOOKS):
        logged, held = _changes_in_log(file, log), _change_in_file(file)
        if logged == _changes_in_log(file, log):  # no new log was begun meanwhile
            break
    if held is not None and logged and (conflict := _conflict(held, *logged)):
        raise LogOfAnotherState(shown(url), conflict)


def _conflict(held: int, first: int, last: int) -> str | None:
    if first > held + 1:
        return f"the log begins with change {first:,}, and the file ends with change {held:,}"
    if last < held:
        return f"the log ends with change {last:,}, and the file holds change {held:,}"
    return None


def _change_in_file(file: Path) -> int | None:
    """The number of the last change in the file without its log; None if it cannot be read."""
    try:
        with closing(_without_log(file)) as connection:
            (number,) = connection.execute("select change_number from record_info").fetchone()
            return int(number)
    except (sqlite3.Error, TypeError):
        return None


def _changes_in_log(file: Path, log: Path) -> tuple[int, int] | None:
    """The numbers of the first and last change in the log's commits; None if there are none."""
    try:
        with closing(_without_log(file)) as connection:
            place = "select rootpage from sqlite_master where name = 'record_info'"
            (page_number,) = connection.execute(place).fetchone()
        numbers = [_change_in(page) for page in _committed_pages(log, page_number)]
    except (IndexError, OSError, sqlite3.Error, TypeError, struct.error):
        return None
    return (numbers[0], numbers[-1]) if numbers else None


def _without_log(file: Path) -> sqlite3.Connection:
    """Open the file with SQLite: closing any other handle would drop the process's locks on it."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True)


def _committed_pages(log: Path, wanted: int) -> Iterator[bytes]:
    """The log's copies of a page in order, from complete transactions only."""
    with log.open("rb") as stream:
        _, _, page_size, _, *salts, _, _ = _HEADER.unpack(stream.read(_HEADER.size))
        waiting: list[bytes] = []
        while len(head := stream.read(_FRAME.size)) == _FRAME.size:
            number, commits, *its_salts, _, _ = _FRAME.unpack(head)
            if its_salts != salts:
                return  # the rest is from an earlier log
            if number == wanted:
                waiting.append(stream.read(page_size))
            else:
                stream.seek(page_size, 1)
            if commits:
                yield from waiting
                waiting = []


def _change_in(page: bytes) -> int:
    """The `change_number` on this page of `record_info`: the third column of its only row."""
    (cell,) = struct.unpack_from(">H", page, 8)
    _, at = _varint(page, cell)
    _, at = _varint(page, at)
    header_size, kind_at = _varint(page, at)
    value_at = at + header_size
    for _ in range(2):
        kind, kind_at = _varint(page, kind_at)
        value_at += _size(kind)
    kind, _ = _varint(page, kind_at)
    value = page[value_at : value_at + _size(kind)]
    return int.from_bytes(value, "big", signed=True) if value else kind - 8  # 0 and 1 are types


def _size(kind: int) -> int:
    """The size in bytes of a value of this type in SQLite's row."""
    return (kind - 12) // 2 if kind >= 12 else (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[kind]


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """A variable-length integer of one to nine bytes, and the position after it."""
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | page[place] & 0x7F
        if page[place] < 0x80:
            return value, place + 1
    return value << 8 | page[at + 8], at + 9
