"""What is wrong with a request in plain words, where the libraries that read it speak of their own inside."""

from collections.abc import Mapping
from typing import Any

Place = tuple[int | str, ...]

_VALUE_ERROR = "Value error, "

_WORDS = {
    "extra_forbidden": "Nothing of this name is taken here.",
    "model_attributes_type": "This must be an object.",
    "missing": "This is needed.",
}


def place_and_words(error: Mapping[str, Any]) -> tuple[Place, str]:
    """Where in the request something is wrong (the part of the request first), and what.

    A body that is no JSON is wrong as a whole, whatever the character at which reading it failed.
    """
    place: Place = error["loc"]
    if error["type"] == "json_invalid":
        return place[:1], f"This is no JSON, from character {place[-1]} on: {error['ctx']['error']}."
    if error["type"] == "missing" and place == ("body",):
        return place, "A body is needed."
    return place, _WORDS.get(error["type"]) or str(error["msg"]).removeprefix(_VALUE_ERROR)
