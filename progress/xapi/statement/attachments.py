"""Attachments as statements describe them, checked by the specification, and the data that belongs to them."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from progress.xapi.statement.values import (
    InvalidStatement,
    Json,
    check_each,
    require_iri,
    require_language_map,
    require_list,
    require_object,
    require_text,
)

SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"

_ATTACHMENT = frozenset({"usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"})
_NEEDED = ("usageType", "display", "contentType", "length", "sha2")
_HASHES = {56: hashlib.sha224, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}
_HEXADECIMAL = re.compile(r"[0-9a-f]+", re.IGNORECASE | re.ASCII)
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;.*)?", re.ASCII)


class Data(NamedTuple):
    """What an attachment holds. `sha2` is its hash in lower case, by which alone statements name it."""

    sha2: str
    content_type: str
    content: bytes


def check_attachments(value: Any, place: str) -> None:
    for number, item in enumerate(require_list(value, place)):
        here = f"{place}.{number}"
        attachment = require_object(item, here, _ATTACHMENT)
        missing = [name for name in _NEEDED if name not in attachment]
        if missing:
            raise InvalidStatement(here, f"An attachment needs {missing[0]}.")
        check_each(attachment, here, _ATTACHMENT_CHECKS)


def attachments_of(statement: Json) -> list[Json]:
    """Those of a statement that has been checked, and of the SubStatement that is its object."""
    target = statement["object"]
    within = target.get("attachments", []) if target.get("objectType") == "SubStatement" else []
    return [*statement.get("attachments", []), *within]


def check_data(statement: Json, received: Mapping[str, Data]) -> tuple[str, ...]:
    """The hashes of the statement's attachments whose data was received. Raises InvalidStatement for missing data."""
    attached = list[str]()
    for attachment in attachments_of(statement):
        data = received.get(hash_of(attachment))
        if data is not None:
            if data.content_type and media_type(data.content_type) != media_type(attachment["contentType"]):
                raise InvalidStatement("attachments", "Data came with another Content-Type than the statement says.")
            attached.append(data.sha2)
        elif "fileUrl" not in attachment:
            raise InvalidStatement("attachments", "Data without a fileUrl has to come along, as multipart/mixed.")
    return tuple(dict.fromkeys(attached))


def hash_of(attachment: Json) -> str:
    return str(attachment["sha2"]).lower()


def has_its_hash(data: Data) -> bool:
    """Whether the data is what its hash says: SHA-224, SHA-256, SHA-384 or SHA-512 by the length of the hash."""
    hashed = _HASHES.get(len(data.sha2))
    return hashed is not None and hashed(data.content).hexdigest() == data.sha2


def media_type(content_type: str) -> str:
    """A content type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def _check_length(value: Any, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidStatement(place, "This must be a number of bytes.")


def _check_hash(value: Any, place: str) -> None:
    text = require_text(value, place)
    if len(text) not in _HASHES or not _HEXADECIMAL.fullmatch(text):
        raise InvalidStatement(place, "This must be a SHA-2 hash in hexadecimal digits.")


def _check_media_type(value: Any, place: str) -> None:
    if not _MEDIA_TYPE.fullmatch(require_text(value, place)):
        raise InvalidStatement(place, "This must be a media type, such as text/plain.")


_ATTACHMENT_CHECKS = {
    "usageType": require_iri,
    "display": require_language_map,
    "description": require_language_map,
    "contentType": _check_media_type,
    "length": _check_length,
    "sha2": _check_hash,
    "fileUrl": require_iri,
}
