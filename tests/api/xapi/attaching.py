"""Statements with attachments, and the multipart bodies in which they are sent and answered."""

import email.parser
import email.policy
import hashlib
import json
from typing import Any, NamedTuple

import httpx

from tests.api.xapi.statements import EXTENSIONS

BOUNDARY = "abcABC0123'()+_,-./:=?"
MULTIPART = {"Content-Type": f'multipart/mixed; boundary="{BOUNDARY}"'}
USAGE = f"{EXTENSIONS}/essay"
TEXT = b"here is a simple attachment"


class Part(NamedTuple):
    """A part of a body, with its headers as they are sent."""

    headers: dict[str, str]
    content: bytes


def attachment(content: bytes = TEXT, **more: Any) -> dict[str, Any]:
    """How a statement describes it."""
    return {
        "usageType": USAGE,
        "display": {"en": "An essay"},
        "contentType": "text/plain; charset=ascii",
        "length": len(content),
        "sha2": hashlib.sha256(content).hexdigest(),
        **more,
    }


def part(content: bytes = TEXT, **headers: str) -> Part:
    usual = {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": hashlib.sha256(content).hexdigest(),
    }
    return Part({name: value for name, value in (usual | headers).items() if value}, content)


def body(statements: Any, *parts: Part, first_type: str = "application/json", end: bytes = b"\r\n") -> bytes:
    first = Part({"Content-Type": first_type}, json.dumps(statements).encode())
    texts = []
    for each in (first, *parts):
        headers = [f"{name}: {value}".encode() for name, value in each.headers.items()]
        texts.append(end.join([b"--" + BOUNDARY.encode(), *headers, b"", each.content]))
    return end.join([*texts, b"--" + BOUNDARY.encode() + b"--", b""])


def send(client: httpx.Client, statements: Any, *parts: Part, **how: Any) -> httpx.Response:
    return client.post("/xapi/statements", content=body(statements, *parts, **how), headers=MULTIPART)


def parts_of(answer: httpx.Response) -> list[Part]:
    """The parts of a multipart answer, read by Python's own parser of mail."""
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + answer.content)
    assert message.get_content_type() == "multipart/mixed"
    return [
        Part({name.lower(): str(value) for name, value in each.items()}, each.get_payload(decode=True))  # type: ignore[arg-type]
        for each in message.iter_parts()  # type: ignore[attr-defined]
    ]
