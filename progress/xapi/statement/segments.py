"""The video profile's `played-segments`, “0[.]12.5[,]30[.]41”, as watched stretches."""

import re
from operator import gt
from typing import NamedTuple

import orjson

from progress.completion.intervals import Interval

# Possessive, since no shorter match could be a better one: most of the time goes here.
_NUMBER = r"\d{1,9}+(?:\.\d++)?+(?:[eE][+-]?+\d{1,3}+)?+"
_SEGMENTS = re.compile(rf"(?:{_NUMBER}\[\.\]{_NUMBER}\[,\])*+{_NUMBER}(?:\[\.\](?:{_NUMBER})?+)?+", re.ASCII)
_CLOSED = re.compile(rf"({_NUMBER})\[\.\]({_NUMBER})", re.ASCII)
_OPEN = re.compile(rf"{_NUMBER}(?:\[\.\])?+", re.ASCII)


class Segments(NamedTuple):
    """`stretches` are the closed segments in seconds, as they were played; `fault` says what cannot be read, or ""."""

    stretches: tuple[Interval, ...]
    fault: str = ""


_NONE = Segments(())


def played_segments(text: object) -> Segments:
    """What was watched, as far as it can be read. An open last segment has no end yet and is left out."""
    if text == "":
        return _NONE
    if not isinstance(text, str):
        return Segments((), _fault(text))
    if not _SEGMENTS.fullmatch(text):
        return _one_by_one(text)
    numbers = _numbers(text.removesuffix("[.]").replace("[,]", "[.]"))
    starts, ends = numbers[::2], numbers[1::2]
    if any(map(gt, starts, ends)) or numbers[-1] == float("inf"):
        return _one_by_one(text)
    return Segments(tuple(zip(starts, ends, strict=False)))


def _one_by_one(text: str) -> Segments:
    """Those segments that run from an earlier to a later second; the others count as not watched."""
    stretches, faulty = list[Interval](), list[str]()
    *closed, last = text.split("[,]")
    for segment in [*closed, *([] if _OPEN.fullmatch(last) else [last])]:
        match = _CLOSED.fullmatch(segment)
        start, end = map(float, match.groups()) if match else (1.0, 0.0)
        if start <= end < float("inf"):
            stretches.append((start, end))
        else:
            faulty.append(segment)
    return Segments(tuple(stretches), _fault("[,]".join(faulty)) if faulty else "")


def _fault(text: object) -> str:
    return (
        f"The played segments “{str(text)[:80]}” do not run from an earlier to a later second and count as not watched."
    )


def _numbers(text: str) -> list[float]:
    try:
        return orjson.loads(f"[{text.replace('[.]', ',')}]")  # type: ignore[no-any-return]
    except orjson.JSONDecodeError:  # such as 007
        return list(map(float, text.split("[.]")))
