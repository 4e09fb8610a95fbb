"""How many pages a person, and a network address, hold open at once: each takes four files and memory of its own."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from api.entrance.connections import CONNECTIONS
from api.processes.page_counts import PAGE_COUNTS
from api.processes.places import PLACES
from data.settings import connection_limits

_Key = TypeVar("_Key")

CROWDED = "/auth/too-many-pages"


class TooManyPages(Exception):
    """One more page than a person or an address may hold open."""


_of_person: Counter[int] = Counter()
_of_address: Counter[str] = Counter()
_of_sign_in: Counter[str] = Counter()
_people: dict[str, int] = {}  # by the marks of their sign-ins


def person_of(sign_in: str) -> int | str:
    """Whose sign-in this is, by its mark; the mark itself, where it has no page open any more."""
    return _people.get(sign_in, sign_in)


@contextmanager
def page_place(person: int, sign_in: str, address: str) -> Iterator[None]:
    """A place for one more page of a sign-in (its mark), kept until the block ends. Raises TooManyPages."""
    limits = connection_limits()
    of_person = _of_person[person] + PAGE_COUNTS.elsewhere(person)
    of_address = _of_address[address] + PAGE_COUNTS.elsewhere(address)
    if of_person >= limits.pages_a_person or of_address >= limits.pages_an_address:
        CONNECTIONS.say("Person %d at %s wants more pages at once than there may be", person, address)
        raise TooManyPages
    _of_person[person] += 1
    _of_address[address] += 1
    _of_sign_in[sign_in] += 1
    _people[sign_in] = person
    _tell_others(person, address)
    try:
        yield
    finally:
        _release(_of_sign_in, sign_in)
        if sign_in not in _of_sign_in:
            del _people[sign_in]
        _release(_of_person, person)
        _release(_of_address, address)
        _tell_others(person, address)


def _tell_others(person: int, address: str) -> None:
    held = {person: _of_person[person], address: _of_address[address]}
    PAGE_COUNTS.say(PLACES.here, _of_person.total(), held)


def _release(places: Counter[_Key], of: _Key) -> None:
    places[of] -= 1
    if not places[of]:
        del places[of]
