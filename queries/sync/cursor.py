"""How far a device has come with a learner's changes, and the opaque text in which it keeps that."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.mirror.position import Position
from data.opaque_text import as_opaque, from_opaque

_START = datetime(1970, 1, 1)
_NUMBER = "[0-9]{1,17}"
_STAND = f"{_NUMBER}(?::{_NUMBER}:(?:{_NUMBER}(?:,{_NUMBER})*)?)?@{_NUMBER}"
_WITNESS = f"{_NUMBER}:[0-9]{{1,9}}:[0-9]{{1,40}}"
_CURSOR = re.compile(
    f"1~(?P<learner>{_NUMBER})~(?P<record>[^~]+)~(?P<epoch>{_NUMBER})~(?:(?P<witness>{_WITNESS})~)?"
    f"(?P<known>{_STAND})?~(?:(?P<target>{_STAND})~(?P<rank>{_NUMBER})~(?P<id>{_NUMBER}))?"
)
_NO_WITNESS = "0:0:0"  # in cursors of earlier versions of Waymark: no record continues from it


class WrongCursor(ValueError):
    """The text is not a cursor, or is another learner's."""


@dataclass(frozen=True)
class Stand:
    """A state of the record at a moment (UTC), because some of it changes by time alone."""

    position: Position
    at: datetime


@dataclass(frozen=True)
class Cursor:
    """The device has all rows of `known`, and those of `target` up to `after`, the (rank, id) of a row.

    Without a `target` it is between two rounds; without `known` it started with nothing. At least one is given.
    """

    learner_id: int
    known: Stand | None
    target: Stand | None = None
    after: tuple[int, int] = (0, 0)

    @property
    def latest(self) -> Position:
        stand = self.target or self.known
        assert stand is not None
        return stand.position


def as_text(cursor: Cursor) -> str:
    """The cursor as a device gets it: letters, digits, - and _ only."""
    position = cursor.latest
    known = _stand_text(cursor.known) if cursor.known else ""
    begun = "~".join([_stand_text(cursor.target), *map(str, cursor.after)]) if cursor.target else ""
    record = [position.record_uuid, str(position.mirror_epoch), position.witness]
    text = "~".join(["1", str(cursor.learner_id), *record, known, begun])
    return as_opaque(text.encode())


def from_text(text: str, learner_id: int) -> Cursor:
    """The cursor in a text that `as_text` made for this learner. Raises WrongCursor."""
    try:
        plain = from_opaque(text).decode()
    except ValueError:
        raise WrongCursor(text) from None
    found = _CURSOR.fullmatch(plain)
    if found is None or int(found["learner"]) != learner_id or not (found["known"] or found["target"]):
        raise WrongCursor(text)
    known, target = (_stand(found, name) if found[name] else None for name in ("known", "target"))
    if target is None:
        return Cursor(learner_id, known)
    return Cursor(learner_id, known, target, (int(found["rank"]), int(found["id"])))


def _stand_text(stand: Stand) -> str:
    return f"{stand.position.mark}@{(stand.at - _START) // timedelta(microseconds=1)}"


def _stand(found: re.Match[str], name: str) -> Stand:
    mark, _, microseconds = found[name].partition("@")
    position = Position(found["record"], int(found["epoch"]), mark, found["witness"] or _NO_WITNESS)
    if not position.is_sound:
        raise WrongCursor(mark)
    return Stand(position, _START + timedelta(microseconds=int(microseconds)))
