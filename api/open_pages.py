"""How many pages a person, and a network address, hold open at once: each takes four files and memory of its own."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from api.connections import CONNECTIONS
from data.settings import connection_limits

_Key = TypeVar("_Key")

CROWDED = "/auth/too-many-pages"


class TooManyPages(Exception):
    """One more page than a person or an address may hold open."""


_of_person: Counter[int] = Counter()
_of_address: Counter[str] = Counter()


@contextmanager
def page_place(person: int, address: str) -> Iterator[None]:
    """A place for one more page, kept until the block ends. Raises TooManyPages."""
    limits = connection_limits()
    is_crowded = _of_person[person] >= limits.pages_a_person or _of_address[address] >= limits.pages_an_address
    if is_crowded:
        CONNECTIONS.say("Person %d at %s wants more pages at once than there may be", person, address)
        raise TooManyPages
    _of_person[person] += 1
    _of_address[address] += 1
    try:
        yield
    finally:
        _release(_of_person, person)
        _release(_of_address, address)


def _release(places: Counter[_Key], of: _Key) -> None:
    places[of] -= 1
    if not places[of]:
        del places[of]
