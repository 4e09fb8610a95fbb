"""The video profile's `played-segments`, “0[.]12.5[,]30[.]41”, as watched stretches."""

import re
from operator import gt

import orjson

from progress.intervals import Interval

# Possessive, since no shorter match could be a better one: most of the time goes here.
_NUMBER = r"\d{1,9}+(?:\.\d++)?+(?:[eE][+-]?+\d{1,3}+)?+"
_SEGMENTS = re.compile(rf"(?:{_NUMBER}\[\.\]{_NUMBER}\[,\])*+{_NUMBER}(?:\[\.\](?:{_NUMBER})?+)?+", re.ASCII)


class DirtySegments(Exception):
    """Segments that do not say what was watched."""

    def __init__(self, text: object) -> None:
        super().__init__(f"The played segments “{str(text)[:80]}” do not run from an earlier to a later second each.")
        self.text = text


def played_segments(text: object) -> tuple[Interval, ...]:
    """The closed segments in seconds, as they were played; an open last one has no end yet and is left out.

    Raises DirtySegments.
    """
    if text == "":
        return ()
    if not isinstance(text, str) or not _SEGMENTS.fullmatch(text):
        raise DirtySegments(text)
    numbers = _numbers(text.removesuffix("[.]").replace("[,]", "[.]"))
    starts, ends = numbers[::2], numbers[1::2]
    if any(map(gt, starts, ends)) or numbers[-1] == float("inf"):
        raise DirtySegments(text)
    return tuple(zip(starts, ends, strict=False))


def _numbers(text: str) -> list[float]:
    try:
        return orjson.loads(f"[{text.replace('[.]', ',')}]")  # type: ignore[no-any-return]
    except orjson.JSONDecodeError:  # such as 007
        return list(map(float, text.split("[.]")))
