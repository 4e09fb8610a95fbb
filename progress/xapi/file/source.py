"""The statements of a file as JSON values: one a line, a JSON array, or a single one; each also packed with gzip."""

import gzip
import io
from collections.abc import Callable, Generator, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, cast

import orjson
from isal import igzip
from isal.igzip_lib import IsalError

from progress.importers.shared.report import CannotImport

MOST_LINE_BYTES = 4_000_000
MOST_DOCUMENT_BYTES = 512_000_000
MOST_TIMES_UNPACKED = 200
_ALWAYS_UNPACKED_BYTES = 16_000_000
_ANSWER = "statements"
_LINES_LOOKED_AT = 20
_BYTES_AT_ONCE = 1 << 20
_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class NotStatements(CannotImport):
    """A file in which there are no statements to be found."""

    def __init__(self, path: Path, words: str) -> None:
        super().__init__(f"{path}: {words}")
        self.path, self.words = path, words

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process can raise it."""
        return NotStatements, (self.path, self.words)


class UnpacksTooFar(NotStatements):
    """More comes out of a packed file than its size makes plausible."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, f"It unpacks to more than {MOST_TIMES_UNPACKED} times its size. Is it really statements?"
        )


class NotJson(NamedTuple):
    """What stands in place of a value that cannot be read."""

    reason: str


# A value, or the line that it is in, after the number by which people find it: of the line, or of its place in a list.
Numbered = tuple[int, Any]


class Source(NamedTuple):
    """Either lines of text or, by rows, values that are read already."""

    counted_as: Literal["line", "row"]
    items: Iterator[Numbered]


def statements_in(path: Path, show: Callable[[int], object]) -> Source:
    """What a file holds, in its order. `show` is called with how many of the file's bytes are read.

    Raises NotStatements for a file that cannot be unpacked, now or on the way.
    """
    lines = _lines(path, show)
    opening = list(islice((line for line in lines if line[1].strip()), _LINES_LOOKED_AT))
    if not opening:
        raise NotStatements(path, "The file is empty.")
    if _is_a_statement_a_line([text for _, text in opening]):
        return Source("line", chain(opening, lines))
    lines.close()
    return Source("row", _document(path, show))


def _is_a_statement_a_line(opening: list[bytes]) -> bool:
    """Some line is a JSON object of its own, though the first ones may be dirty; lists and answers are not that."""
    if opening[0].lstrip().startswith(b"["):
        return False
    values = (loaded(line) for line in opening if line.startswith(b"{"))
    return any(isinstance(value, dict) and value and _ANSWER not in value for value in values)


def _document(path: Path, show: Callable[[int], object]) -> Iterator[Numbered]:
    """The values of a file that is one JSON text: a list, a single statement, or what a record store answers."""
    text = b""
    with _opened(path, show) as file:
        text = _guarded(path, lambda: file.read(MOST_DOCUMENT_BYTES + 1))
    if len(text) > MOST_DOCUMENT_BYTES:
        raise NotStatements(path, f"A list may have {MOST_DOCUMENT_BYTES:,} bytes; send more with a statement a line.")
    value = loaded(text.removeprefix(_BYTE_ORDER_MARK))
    if isinstance(value, NotJson):
        raise NotStatements(path, f"This is not JSON: {value.reason}")
    listed = value.get(_ANSWER, [value]) if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise NotStatements(path, "There is neither a statement nor a list of them in it.")
    yield from enumerate(listed, start=1)


def _lines(path: Path, show: Callable[[int], object]) -> Generator[Numbered, None, None]:
    """The lines without their ends; of a first one that is too long its beginning alone, since it is all one text."""
    number = 1
    with _opened(path, show) as file:
        rest = _guarded(path, lambda: file.read(_BYTES_AT_ONCE)).removeprefix(_BYTE_ORDER_MARK)
        while len(rest) <= MOST_LINE_BYTES and (part := _guarded(path, lambda: file.read(_BYTES_AT_ONCE))):
            *lines, rest = (rest + part).split(b"\n")
            yield from _numbered(path, lines, number)
            number += len(lines)
        yield from _numbered(path, rest.split(b"\n"), number)


def _numbered(path: Path, lines: list[bytes], first_number: int) -> Iterator[Numbered]:
    for number, line in enumerate(lines, start=first_number):
        if len(line) > MOST_LINE_BYTES and number > 1:
            raise NotStatements(path, f"Line {number:,} is longer than {MOST_LINE_BYTES:,} bytes.")
        yield number, line


def loaded(text: bytes) -> Any:
    """The value of a JSON text, or NotJson."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return NotJson(f"{error.msg} at character {error.pos + 1}")


def _guarded(path: Path, read: Callable[[], bytes]) -> bytes:
    try:
        return read()
    except (gzip.BadGzipFile, EOFError, IsalError) as error:  # type: ignore[misc]
        raise NotStatements(path, f"It cannot be unpacked: {error}") from None


def _opened(path: Path, show: Callable[[int], object]) -> BinaryIO:
    file = path.open("rb")
    watched = _Watched(file, show)
    if file.peek(2)[:2] != _GZIP:
        return io.BufferedReader(watched, _BYTES_AT_ONCE)
    return io.BufferedReader(_Unpacked(cast(BinaryIO, watched), path), _BYTES_AT_ONCE)


class _Watched(io.RawIOBase):
    """A file that tells how far it has been read."""

    def __init__(self, file: BinaryIO, show: Callable[[int], object]) -> None:
        self._file, self._show = file, show

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._file.readinto(buffer)  # type: ignore[attr-defined]
        self._show(self._file.tell())
        return int(count)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """A gzip file that stops when more comes out of it than is plausible."""

    def __init__(self, packed: BinaryIO, path: Path) -> None:
        self._file: BinaryIO = igzip.IGzipFile(fileobj=packed)  # type: ignore[no-untyped-call,assignment]
        self._path, self._packed = path, packed
        self._left = max(_ALWAYS_UNPACKED_BYTES, MOST_TIMES_UNPACKED * path.stat().st_size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._file.read(len(buffer))
        self._left -= len(chunk)
        if self._left < 0:
            raise UnpacksTooFar(self._path)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._packed.close()
        super().close()
