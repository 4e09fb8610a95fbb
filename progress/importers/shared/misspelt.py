"""Names that were written in another case, with extra spaces, or misspelt."""

from collections.abc import Iterable
from difflib import get_close_matches


def folded(text: str) -> str:
    """The text in lower case, with single spaces."""
    return " ".join(text.casefold().split())


def nearest(text: str, choices: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The choice that this text is probably a misspelling of, or None. A `likeness` of 1 requires the same text."""
    by_folded = {folded(choice): choice for choice in choices}
    found = get_close_matches(folded(text[:100]), by_folded, n=1, cutoff=likeness)
    return by_folded[found[0]] if found else None
