"""multipart/mixed as xAPI has it: statements in the first part, then the data of attachments, each under its hash."""

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from secrets import token_hex
from typing import NamedTuple

from fastapi import HTTPException

from progress.xapi.statement.attachments import Data, media_type

MULTIPART = "multipart/mixed"
_MOST_PARTS = 1_000
_LONGEST_HEADERS = 4_000
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_HASH = "x-experience-api-hash"
_BOUNDARY = re.compile(r"[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]", re.ASCII)


class WrongMultipart(HTTPException):
    def __init__(self, words: str) -> None:
        super().__init__(400, f"The multipart body cannot be read: {words} Nothing was stored.")


class Parts(NamedTuple):
    """The JSON of the statements, and the data after it under the hashes that it came with."""

    statements: bytes
    data: list[Data]


class _Part(NamedTuple):
    headers: dict[str, str]
    content: bytes


def parse_multipart(content_type: str, body: bytes) -> Parts:
    """Raises WrongMultipart."""
    first, *others = _parts(body, _boundary(content_type))
    if media_type(first.headers.get("content-type", "")) != "application/json":
        raise WrongMultipart("its first part has to be the statements, as application/json.")
    return Parts(first.content, [_data(part) for part in others])


def multipart_of(statements: bytes, data: Iterable[Data]) -> tuple[str, bytes]:
    """The content type and the body that hold these."""
    boundary = token_hex(16)
    parts = [_rendered(["Content-Type: application/json"], statements)]
    for each in data:
        headers = [f"Content-Type: {each.content_type}", "Content-Transfer-Encoding: binary"]
        parts.append(_rendered([*headers, f"X-Experience-API-Hash: {each.sha2}"], each.content))
    start = f"--{boundary}\r\n".encode()
    body = b"".join(b"%b%b\r\n" % (start, part) for part in parts)
    return f"{MULTIPART}; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def _rendered(headers: list[str], content: bytes) -> bytes:
    return "\r\n".join([*headers, "", ""]).encode() + content


def _boundary(content_type: str) -> bytes:
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_boundary() or ""
    if not _BOUNDARY.fullmatch(boundary):
        raise WrongMultipart("its Content-Type names no boundary.")
    return boundary.encode()


def _parts(body: bytes, boundary: bytes) -> Iterator[_Part]:
    """Each part in turn. What stands before the first boundary and after the last counts nothing."""
    # A lone line feed ends a line too: some systems write so, and hashes tell what belongs to the data.
    pieces = re.split(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)", body)
    texts, ends = pieces[2::2], pieces[1::2]
    if not ends or b"--" not in ends or len(ends) > _MOST_PARTS:
        raise WrongMultipart(f"it has no boundary before and after each part, or more than {_MOST_PARTS:,} parts.")
    count = ends.index(b"--")
    if count == 0:
        raise WrongMultipart("it has no parts.")
    yield from map(_part, texts[:count])


def _part(text: bytes) -> _Part:
    end = _END_OF_HEADERS.search(text, 0, _LONGEST_HEADERS)
    if end is None:
        raise WrongMultipart("a part needs its headers and an empty line after them.")
    pairs = [line.partition(":") for line in text[: end.start()].decode("latin-1").splitlines()]
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if len(headers) < len(pairs):
        raise WrongMultipart("a part has the same header twice.")
    return _Part(headers, text[end.end() :])


def _data(part: _Part) -> Data:
    sha2 = part.headers.get(_HASH, "").lower()
    if not sha2:
        raise WrongMultipart("every part after the first needs an X-Experience-API-Hash.")
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise WrongMultipart("every part after the first needs the Content-Transfer-Encoding “binary”.")
    if part.headers.get("content-length", str(len(part.content))) != str(len(part.content)):
        raise WrongMultipart("a part is not as long as its Content-Length says.")
    return Data(sha2, part.headers.get("content-type", ""), part.content)
