"""Where a browser may be sent within this site, and the address of the sign-in page that leads back there."""

import re
from urllib.parse import quote

SIGN_IN = "/auth/login"
PASSWORD = "/auth/password"
ATTEMPTS = "/auth/attempts"
START = "/"

# Browsers read a backslash as a slash and drop tabs and line breaks, so any of them could hide a `//other.site`.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def local_path(wanted: str) -> str:
    """The wanted path when it leads to this site, else the start page; never back to signing in or out."""
    leads_here = _LOCAL.fullmatch(wanted) and not wanted.startswith("/auth/")
    return wanted if leads_here else START


def sign_in_path(wanted: str) -> str:
    """The sign-in page's path; after signing in it leads to the wanted path."""
    return _leading_on(SIGN_IN, wanted)


def password_path(wanted: str) -> str:
    """The path of the page on which people change their own password, which leads on to the wanted path."""
    return _leading_on(PASSWORD, wanted)


def attempts_path(wanted: str) -> str:
    """The path of the page that tells of wrong passwords, which leads on to the wanted path."""
    return _leading_on(ATTEMPTS, wanted)


def _leading_on(path: str, wanted: str) -> str:
    return path if wanted == START else f"{path}?next={quote(wanted, safe='/')}"
