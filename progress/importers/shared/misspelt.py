"""Names that someone wrote in their own way: in another case, with more space, with a slip of the fingers."""

from collections.abc import Iterable
from difflib import get_close_matches


def folded(text: str) -> str:
    """The text without its case and its spare white space."""
    return " ".join(text.casefold().split())


def nearest(text: str, choices: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The choice that someone who wrote this may have meant, or None. A `likeness` of 1 is the very same text."""
    by_folded = {folded(choice): choice for choice in choices}
    found = get_close_matches(folded(text[:100]), by_folded, n=1, cutoff=likeness)
    return by_folded[found[0]] if found else None
