"""The kinds of values that an xAPI statement holds, each checked by the specification. No statements in here."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from progress.xapi.statement.remembering import length_of_all, remembered

Json = dict[str, Any]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
# Both cases spelt out: to ignore the case would take three times as long.
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_LANGUAGE = re.compile(r"(?:[A-Za-z]{2,8}|[ix])(?:-[A-Za-z0-9]{1,8})*")
_TIME = re.compile(  # -00:00 as a time zone is not allowed
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|(?!-00(?::?00)?$)[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_DURATION = re.compile(
    r"P(?=[\dT])(?:\d+(?:\.\d+)?W|"
    r"(?:\d+(?:\.\d+)?Y)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?D)?"
    r"(?:T(?=\d)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?)",
    re.ASCII,
)


class InvalidStatement(Exception):
    """A statement that the specification forbids. `place` is where in it, such as “actor.mbox”."""

    def __init__(self, place: str, words: str) -> None:
        super().__init__(f"{place}: {words}" if place else words)
        self.place = place
        self.words = words


def require_object(value: Any, place: str, known: frozenset[str] | None = None) -> Json:
    """A JSON object, with no other properties than the known ones."""
    if not isinstance(value, dict):
        raise InvalidStatement(place, "This must be a JSON object.")
    if known is not None and not value.keys() <= known:
        unknown = min(value.keys() - known)
        raise InvalidStatement(f"{place}.{unknown}" if place else unknown, "The specification knows no such property.")
    return value


def require_list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidStatement(place, "This must be a list.")
    return value


def require_text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise InvalidStatement(place, "This must be text.")
    return value


def require_flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidStatement(place, "This must be true or false.")
    return value


def require_number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidStatement(place, "This must be a number.")
    return float(value)


def require_iri(value: Any, place: str) -> str:
    return _matching(_IRI, value, place, "This must be an IRI, such as https://example.org/activities/1.")


def require_uuid(value: Any, place: str) -> str:
    """The UUID in lower case, in which two that are equal look equal."""
    return _matching(_UUID, value, place, "This must be a UUID.").lower()


def require_language(value: Any, place: str) -> str:
    return _matching(_LANGUAGE, value, place, "This must be a language tag, such as en-GB.")


def require_duration(value: Any, place: str) -> str:
    return _matching(_DURATION, value, place, "This must be an ISO 8601 duration, such as PT4M30S.")


def require_time(value: Any, place: str) -> datetime:
    """The moment, in UTC; without a time zone it is taken to be UTC."""
    text = _matching(_TIME, value, place, "This must be an ISO 8601 time, such as 2026-03-02T09:30:00Z.")
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is UTC:
            return moment
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidStatement(place, f"There is no such time as {text}.") from None


def require_language_map(value: Any, place: str) -> Json:
    for language, text in require_object(value, place).items():
        require_language(language, place)
        require_text(text, f"{place}.{language}")
    return value  # type: ignore[no-any-return]


def require_extensions(value: Any, place: str) -> Json:
    """Keys are IRIs; values may be anything, null too."""
    _check_iris(tuple(require_object(value, place)), place)
    return value  # type: ignore[no-any-return]


@remembered(4_096, length_of_all)  # most statements of a system have the same extensions
def _check_iris(keys: tuple[str, ...], place: str) -> None:
    for key in keys:
        require_iri(key, place)


def check_each(value: Json, place: str, checks: Mapping[str, Callable[[Any, str], object]]) -> None:
    """Check those properties that are there."""
    for name, part in value.items():
        check = checks.get(name)
        if check is not None:
            check(part, f"{place}.{name}")


def _matching(pattern: re.Pattern[str], value: Any, place: str, words: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise InvalidStatement(place, words)
    return value
