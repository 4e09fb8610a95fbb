"""Whether a request was made by a page of this site: the guard against other sites using someone's cookie."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Judged by what browsers add and pages cannot forge. A program that is no browser sends neither header.

    The scheme is left out: behind a proxy that ends TLS, this process sees another one than the browser.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
