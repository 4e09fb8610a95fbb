"""Text that callers keep, send back and need not understand: cursors. Letters, digits, - and _ alone."""

from base64 import b64decode, urlsafe_b64encode


def as_opaque(content: bytes) -> str:
    """The bytes as text that fits into an address."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def from_opaque(text: str) -> bytes:
    """What `as_opaque` was given. Raises ValueError for text that it cannot have made."""
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
