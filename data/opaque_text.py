"""Opaque text that callers keep and send back, such as cursors, made of letters, digits, - and _ only."""

from base64 import b64decode, urlsafe_b64encode


def as_opaque(content: bytes) -> str:
    """The bytes as text that can be part of a URL."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def from_opaque(text: str) -> bytes:
    """The bytes that `as_opaque` encoded. Raises ValueError for any other text."""
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
