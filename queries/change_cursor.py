"""How far a device has come with what changed for a learner, and the opaque text that it keeps of that."""

import re
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.mirror.position import Position

_START = datetime(1970, 1, 1)
_NUMBER = "[0-9]{1,17}"
_STAND = f"({_NUMBER}(?::{_NUMBER}:[0-9,]*)?)@({_NUMBER})"
_CURSOR = re.compile(f"1~({_NUMBER})~([^~]+)~({_NUMBER})~({_STAND})?~(?:({_STAND})~({_NUMBER})~({_NUMBER}))?")


class WrongCursor(ValueError):
    """The text is no cursor, or that of another learner."""


@dataclass(frozen=True)
class Stand:
    """A state of the record at a moment (UTC), since some of it changes by time alone."""

    position: Position
    at: datetime


@dataclass(frozen=True)
class Cursor:
    """A device holds everything of `known`, and of `target` as well what comes up to `after`: (rank, id) of a row.

    Without a `target` it is between two rounds. Without `known` it has begun with nothing. One of the two is there.
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
    """The cursor as a device gets it: letters, digits, - and _ alone."""
    position = cursor.latest
    known = _stand_text(cursor.known) if cursor.known else ""
    begun = "~".join([_stand_text(cursor.target), *map(str, cursor.after)]) if cursor.target else ""
    text = "~".join(["1", str(cursor.learner_id), position.record_uuid, str(position.mirror_epoch), known, begun])
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def from_text(text: str, learner_id: int) -> Cursor:
    """The cursor of a text that `as_text` made for this learner. Raises WrongCursor."""
    try:
        plain = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise WrongCursor(text) from None
    found = _CURSOR.fullmatch(plain)
    if found is None or int(found[1]) != learner_id or not (found[4] or found[7]):
        raise WrongCursor(text)
    record = (found[2], int(found[3]))
    known = _stand(record, found[5], found[6]) if found[4] else None
    if not found[7]:
        return Cursor(learner_id, known)
    return Cursor(learner_id, known, _stand(record, found[8], found[9]), (int(found[10]), int(found[11])))


def _stand_text(stand: Stand) -> str:
    return f"{stand.position.mark}@{(stand.at - _START) // timedelta(microseconds=1)}"


def _stand(record: tuple[str, int], mark: str, microseconds: str) -> Stand:
    try:
        Position(*record, mark).unseen()
    except ValueError:
        raise WrongCursor(mark) from None
    return Stand(Position(*record, mark), _START + timedelta(microseconds=int(microseconds)))
