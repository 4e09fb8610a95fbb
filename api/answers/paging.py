"""Long lists a page at a time: where a page ended, as text that callers send back and need not understand."""

from typing import Annotated, TypeVar

from fastapi import Query
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from api.answers.problems import WrongValue
from data.opaque_text import as_opaque, from_opaque

MOST_ON_A_PAGE = 500

Cursor = Annotated[
    str | None, Query(description="The `next_cursor` of the page before, with everything else as it was asked there.")
]
Limit = Annotated[int, Query(ge=1, le=MOST_ON_A_PAGE, description="How many on a page.")]

_T = TypeVar("_T")


class WrongCursor(WrongValue):
    """The cursor is none that a page of this list ended with."""

    def __init__(self, cursor: str) -> None:
        super().__init__(("query", "cursor"), "This is no cursor of this list. Begin again without one.")
        self.cursor = cursor


def cursor_of(*place: object) -> str:
    """The place as text that fits into an address."""
    return as_opaque(to_json(place))


def place_of(cursor: str, place: TypeAdapter[_T]) -> _T:
    """What `cursor_of` was given. Raises WrongCursor unless it is such a place."""
    try:
        return place.validate_python(tuple(from_json(from_opaque(cursor), allow_inf_nan=False)))
    except (ValidationError, ValueError, TypeError) as error:
        raise WrongCursor(cursor) from error
