"""A file of statements read into columns: half of an import's work, which a second process can do.

Whom and what the columns name, and what becomes of them in the record, is not known here.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple
from uuid import UUID, uuid5

import orjson
import polars as pl

from progress.completion.intervals import render
from progress.completion.module_states import TIME
from progress.xapi.file.source import NotJson, Numbered, loaded, statements_in
from progress.xapi.statement.fast_path import incoming_quickly
from progress.xapi.statement.incoming import Incoming, incoming
from progress.xapi.statement.meaning import Unusable
from progress.xapi.statement.values import InvalidStatement

COLUMNS: dict[str, Any] = {
    "number": pl.Int64,
    "statement_id": pl.String,
    "actor": pl.String,
    "email": pl.String,
    "is_group": pl.Boolean,
    "verb": pl.String,
    "activity": pl.String,
    "title": pl.String,
    "courses": pl.String,
    "targets": pl.String,
    "happened_at": TIME,
    "meant": pl.String,
    "position_seconds": pl.Float64,
    "watched_intervals": pl.String,
    "score": pl.Float64,
    "length_seconds": pl.Float64,
    "threshold": pl.Float64,
    "passed_over": pl.String,
    "named": pl.String,
    "statement": pl.String,
}

STATEMENTS_A_BLOCK = 1_000

# No id has a line break in it.
BETWEEN_COURSES = "\n"

# A statement without an id is given one by what it says, so that it is the same one when it is imported again.
_IDS_BY_CONTENT = UUID("2c1c1a52-6f0e-4c5d-9d3b-1f4b2f6f0c11")


class Refused(NamedTuple):
    number: int
    reason: str


class Block(NamedTuple):
    """Statements in columns (COLUMNS), what was refused among them, and how many bytes of the file are read by now."""

    rows: pl.DataFrame
    refused: list[Refused]
    counted_as: Literal["line", "row"]
    bytes_read: int


def blocks_of(path: Path, after: int = 0) -> Generator[Block, None, None]:
    """The file, some thousand statements at a time, without the first blocks that were read elsewhere.

    Raises NotStatements, now or on the way.
    """
    bytes_read = [0]
    source = statements_in(path, lambda count: bytes_read.__setitem__(0, count))
    deque(islice(source.items, after * STATEMENTS_A_BLOCK), maxlen=0)
    while items := list(islice(source.items, STATEMENTS_A_BLOCK)):
        yield Block(*_read(items, _stated if source.counted_as == "line" else _said), source.counted_as, bytes_read[0])


def _read(
    items: Iterable[Numbered], understood: Callable[[Any], Incoming | None]
) -> tuple[pl.DataFrame, list[Refused]]:
    """Check and understand each item."""
    rows: list[tuple[Any, ...]] = []
    refused: list[Refused] = []
    for number, item in items:
        try:
            if (found := understood(item)) is not None:
                rows.append(_row(number, found))
        except (InvalidStatement, Unusable) as error:
            refused.append(Refused(number, str(error)))
    columns = map(list, zip(*rows, strict=True)) if rows else ([] for _ in COLUMNS)
    return pl.DataFrame(dict(zip(COLUMNS, columns, strict=True)), schema=COLUMNS), refused


def _stated(line: bytes) -> Incoming | None:
    """The statement in a line; blank ones have none."""
    return incoming_quickly(line) or (_said(loaded(line)) if line.strip() else None)


def _said(value: Any) -> Incoming:
    return incoming(_with_id(value))


def _row(number: int, item: Incoming) -> tuple[Any, ...]:
    actor, told, moment = item.actor, item.told, item.happened_at
    return (
        number,
        item.id,
        actor.external_id,
        actor.email,
        actor.is_group,
        item.verb,
        item.activity,
        item.title,
        BETWEEN_COURSES.join(told.courses),
        item.targets,
        moment and moment.replace(tzinfo=None),
        told.meant,
        told.position_seconds,
        render(told.watched_intervals),
        told.score,
        told.length_seconds,
        told.threshold,
        told.passed_over,
        item.named,
        item.text,
    )


def _with_id(value: Any) -> Any:
    if isinstance(value, NotJson):
        raise InvalidStatement("", f"This is not JSON: {value.reason}")
    if not isinstance(value, dict) or "id" in value:
        return value
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return {**value, "id": str(uuid5(_IDS_BY_CONTENT, text))}
