"""Answers that come again and again with the statements of one system are remembered, within bounds of memory."""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, TypeVar

_T = TypeVar("_T")

# Actors, verbs and objects of real systems take some hundred bytes. What is longer comes once, or from someone who
# wants it kept: a hundred thousand of such parts would fill the memory.
_LONGEST = 2_048


def remembered(most: int, length: Callable[[Any], int] = len) -> Callable[[Callable[..., _T]], Callable[..., _T]]:
    """Remember up to so many answers of a function, by its arguments; none whose first one is longer than usual."""

    def decorate(function: Callable[..., _T]) -> Callable[..., _T]:
        known = lru_cache(maxsize=most)(function)

        @wraps(function)
        def answer(first: Hashable, *others: Hashable) -> _T:
            return known(first, *others) if length(first) <= _LONGEST else function(first, *others)

        return answer

    return decorate


def length_of_all(texts: tuple[str, ...]) -> int:
    """How long a tuple of texts is in all."""
    return sum(map(len, texts))
