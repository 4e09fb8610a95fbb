"""Guessing the encoding of a text file from its bytes, and decoding it."""

import re

from progress.importers.shared.csv_text import line_of
from progress.importers.spreadsheet.sheet import UnreadableLine

_HINT = "Save the file as “CSV UTF-8”."
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_OF_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


def decoded(content: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding if that is not UTF-8. Raises UnreadableLine."""
    if codec := _UTF_16.get(content[:2]):
        return _decoded_utf_16(content[2:], codec), "UTF-16"
    if _has_zeros_throughout(content):
        raise UnreadableLine(1, f"The file is written in UTF-16 without the mark that says so. {_HINT}")
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        return _decoded_windows_1252(content, error.start), "Windows-1252"


def _decoded_utf_16(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        line = line_of(content[: error.start].decode(codec, "replace").encode())
        raise UnreadableLine(line, f"A letter in this line is not written in UTF-16. {_HINT}") from None


def _decoded_windows_1252(content: bytes, fault: int) -> str:
    """Refused if most letters are valid UTF-8 after all: one damaged byte must not garble all of them."""
    letters = len(_BEYOND_ASCII.findall(content))
    if 4 * sum(map(len, _OF_UTF_8.findall(content))) <= 3 * letters:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError as error:
            fault = error.start
    raise UnreadableLine(line_of(content[:fault]), f"A letter in this line is not written in UTF-8. {_HINT}")


def _has_zeros_throughout(content: bytes) -> bool:
    start = content[:200]
    return len(start) > 3 and (not any(start[0::2]) or not any(start[1::2]))
