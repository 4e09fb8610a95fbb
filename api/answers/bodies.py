"""A request's JSON body, read and judged within bounds: whatever somebody sends, others are answered meanwhile.

What one call of a library reads or judges at once keeps Python's lock for that long, in whatever thread it runs. So a
large body is split into the items of its list, without building them, and these are judged one by one in a thread.
"""

import json
from asyncio import Semaphore
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import msgspec
from anyio import CapacityLimiter, to_thread
from fastapi import HTTPException, Request
from pydantic import TypeAdapter, ValidationError

from api.answers.problem_words import Place, place_and_words

MOST_ITEMS = 1_000
MOST_FAULTS = 20
LARGEST_OBJECT_BYTES = 65_536
_MOST_MEMBERS = 200
_LARGE_BODIES_A_PERSON = 4

Fault = tuple[Place, str]
_T = TypeVar("_T")

# Splits a list without building more than its first items: the rest is skipped, unlike with `list[Raw]`.
_NO_ITEM = msgspec.Raw()
_FIELDS = [(f"item_{number}", msgspec.Raw, _NO_ITEM) for number in range(MOST_ITEMS + 1)]
_ITEMS = msgspec.json.Decoder(msgspec.defstruct("Items", _FIELDS, array_like=True))

_one_at_a_time = CapacityLimiter(1)
_turns: "WeakValueDictionary[object, Semaphore]" = WeakValueDictionary()


class ObjectTooLarge(HTTPException):
    def __init__(self) -> None:
        super().__init__(413, f"A single object may have at most {LARGEST_OBJECT_BYTES:,} bytes.")


class WrongBody(HTTPException):
    """A body that does not fit: its first faults, each with its place in it, and how many there are."""

    def __init__(self, faults: list[Fault], count: int) -> None:
        super().__init__(422, "The body does not fit.")
        self.faults = [(("body", *place), words) for place, words in faults[:MOST_FAULTS]]
        self.count = count


class Judge:
    """Judges the bodies of one route by their type: an object, or a list of such objects too."""

    def __init__(self, body_type: Any) -> None:
        self._adapter: TypeAdapter[Any] = TypeAdapter(body_type)
        self._takes_lists = _is_list_expected(self._adapter)

    async def value(self, body: bytes, who: object) -> Any:
        """What the body says. `who` sends it: nobody keeps others waiting with more than a few large bodies.

        Raises JSONDecodeError, UnicodeDecodeError and RecursionError for what is no JSON, WrongBody, ObjectTooLarge.
        """
        if len(body) <= LARGEST_OBJECT_BYTES:
            with suppress(ValidationError):  # whose faults are named below
                return self._fitting(json.loads(body))
        return await in_turn(who, lambda: self._judged(body))

    def _judged(self, body: bytes) -> Any:
        if body.lstrip()[:1] == b"[":
            items = split_list(body)
            if self._takes_lists and 0 < len(items) <= MOST_ITEMS:
                return self._list(items)
            body = json.dumps([None] * len(items)).encode()  # wrong as a whole, whatever the items are
        elif len(body) > LARGEST_OBJECT_BYTES:
            raise ObjectTooLarge
        fitting, faults, count = self._item(body, ())
        if count:
            raise WrongBody(faults, count)
        return fitting

    def _list(self, items: list[bytes]) -> list[Any]:
        """Each item judged by itself. Raises WrongBody with the first faults of all."""
        found, faults, count = [], list[Fault](), 0
        for number, item in enumerate(items):
            fitting, wrong, more = self._item(item, (number,), is_named=len(faults) < MOST_FAULTS)
            found.append(fitting)
            faults += wrong
            count += more
        if count:
            raise WrongBody(faults, count)
        return found

    def _item(self, item: bytes, place: Place, *, is_named: bool = True) -> tuple[Any, list[Fault], int]:
        """What it says, or its faults, where they are to be named, and their number."""
        if len(item) > LARGEST_OBJECT_BYTES:
            return None, [(place, f"This may have at most {LARGEST_OBJECT_BYTES:,} bytes.")], 1
        read = json.loads(item)
        if isinstance(read, dict) and len(read) > _MOST_MEMBERS:
            return None, [(place, f"This has {len(read):,} members; nothing that is taken here has so many.")], 1
        try:
            return self._fitting(read), [], 0
        except ValidationError as error:
            return None, _named(error, place) if is_named else [], error.error_count()

    def _fitting(self, read: Any) -> Any:
        return self._adapter.validate_python(read, from_attributes=True)


class JudgedRequest(Request):
    """A request whose JSON has been judged: FastAPI finds in it what fits already."""

    def __init__(self, request: Request, judge: Judge, who: object) -> None:
        super().__init__(request.scope, request.receive)
        self._judge = judge
        self._who = who

    async def json(self) -> Any:
        return await self._judge.value(await self.body(), self._who)


async def in_turn(who: object, work: Callable[[], _T]) -> _T:
    """Work with a large body in a thread, one body at a time: the event loop would wait for each of several in turn."""
    turn = _turns.setdefault(who, Semaphore(_LARGE_BODIES_A_PERSON))
    async with turn:
        return await to_thread.run_sync(work, limiter=_one_at_a_time)


def split_list(body: bytes) -> list[bytes]:
    """The items of a JSON list as they stand in the text, at most one too many of them. Raises JSONDecodeError."""
    try:
        items = msgspec.structs.astuple(_ITEMS.decode(body))
    except msgspec.DecodeError as error:
        words, _, position = str(error).removesuffix(")").partition(" (byte ")
        raise json.JSONDecodeError(words, "", int(position or 0)) from None
    return [bytes(item) for item in items if item is not _NO_ITEM]


def _named(error: ValidationError, place: Place) -> list[Fault]:
    found = error.errors(include_url=False, include_context=False, include_input=False)[:MOST_FAULTS]
    return [place_and_words({**each, "loc": (*place, *each["loc"])}) for each in found]


def _is_list_expected(adapter: TypeAdapter[Any]) -> bool:
    try:
        adapter.validate_python([])
    except ValidationError as error:
        return error.errors()[0]["type"] == "too_short"
    return True
