"""Statements from a file into the record, as from a trusted source: good ones are kept, others refused by line."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import orjson
from sqlalchemy.exc import SQLAlchemyError

from data.record import Record, Transaction
from progress.bulk_recording import record_in_bulk
from progress.importers.report import CannotImport, ImportReport, Tally
from progress.importers.xapi.source import NotJson, Numbered, statements_in
from progress.xapi.directory import Directory, Found, directory_of
from progress.xapi.events import frame_of_events
from progress.xapi.incoming import Incoming, incoming, says_the_same
from progress.xapi.judging import Conflict, StatementRefused, open_judgement
from progress.xapi.meaning import Unusable
from progress.xapi.provisioning import provision, provision_courses
from progress.xapi.storing import lock_statements, store_statements
from progress.xapi.values import InvalidStatement

STATEMENTS_AT_ONCE = 50_000

# A statement without an id is given one by what it says, so that it is the same one when it is imported again.
_IDS_BY_CONTENT = UUID("2c1c1a52-6f0e-4c5d-9d3b-1f4b2f6f0c11")

Progress = Callable[[int, int, str], object]


class StatementsFailed(CannotImport):
    """The record could not store some of the statements. Those before them are stored."""

    def __init__(self, first: int, cause: BaseException) -> None:
        super().__init__(
            f"The statements from the {first:,}. on could not be stored: {cause}. Those before are stored."
        )
        self.first = first


class Refused(NamedTuple):
    number: int
    reason: str


class Read(NamedTuple):
    """The statements of a file with their numbers, those that are repeated there, and what was refused."""

    items: list[Incoming]
    numbers: list[int]
    repeated_count: int
    refused: list[Refused]


def import_xapi(
    record: Record, path: Path, *, provisions: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Bring a file of statements into the record. What is there already is left as it is.

    `provisions` lets every course that the file names opt in to make its learners and videos known, and makes courses
    that do not exist yet. `progress` is told (done, total, what is being done). Raises CannotImport.
    """
    show = progress or (lambda done, total, label: None)
    with _no_collection():
        source = statements_in(path, lambda done, total: show(done, total, "Reading"))
        read = _read(source.values)
        report = ImportReport()
        report.count_read(path.name, len(read.items) + read.repeated_count + len(read.refused))
        report.tally_all({"statements": Tally(unchanged=read.repeated_count)})
        directory = _prepare(record, read.items, provisions, report)
        refused = [*read.refused]
        for first in range(0, len(read.items), STATEMENTS_AT_ONCE):
            show(first, len(read.items), "Storing")
            refused += _import(record, read, first, directory, report)
        show(len(read.items), len(read.items), "Done")
    report.refuse(path.name, [(number, reason) for number, reason in sorted(refused)], len(refused), source.counted_as)
    return report


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without garbage collection, which would walk through all statements again and again and find nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read(values: Iterator[Numbered]) -> Read:
    read, places = Read([], [], 0, []), dict[str, int]()
    repeated_count = 0
    for number, value in values:
        try:
            item = _incoming(value)
            place = places.setdefault(item.id, len(read.items))
            if place == len(read.items):
                read.items.append(item)
                read.numbers.append(number)
            elif says_the_same(read.items[place].text, item.text):
                repeated_count += 1
            else:
                read.refused.append(Refused(number, str(Conflict(item.id))))
        except (InvalidStatement, Unusable) as error:
            read.refused.append(Refused(number, str(error)))
    return read._replace(repeated_count=repeated_count)


def _incoming(value: Any) -> Incoming:
    if isinstance(value, NotJson):
        raise InvalidStatement("", f"This is not JSON: {value.reason}")
    if isinstance(value, dict) and "id" not in value:
        value = {**value, "id": str(uuid5(_IDS_BY_CONTENT, orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()))}
    return incoming(value)


def _prepare(record: Record, items: Sequence[Incoming], provisions: bool, report: ImportReport) -> Directory:
    """Make known what may be made known, from the whole file: another statement may tell how long a video is."""
    with _plain_errors(1, record), record.writing() as tx:
        lock_statements(tx)
        directory = directory_of(tx, items)
        if provisions:
            report.tally_all(provision_courses(tx, items, directory))
            directory = directory_of(tx, items)
        directory, tallies = provision(tx, items, directory, datetime.now(UTC))
        report.tally_all(tallies)
        return directory


def _import(record: Record, read: Read, first: int, directory: Directory, report: ImportReport) -> list[Refused]:
    items = read.items[first : first + STATEMENTS_AT_ONCE]
    with _plain_errors(first + 1, record), record.writing() as tx:
        lock_statements(tx)
        judgement = open_judgement(tx, None, items, directory)
        judged = [(item, judgement.judge(item)) for item in items]
        new = [(item, found) for item, found in judged if isinstance(found, Found)]
        report.tally_all(_store(tx, new))
    refused = [
        Refused(number, str(found))
        for (_, found), number in zip(judged, read.numbers[first : first + STATEMENTS_AT_ONCE], strict=True)
        if isinstance(found, StatementRefused)
    ]
    kept_count = len(items) - len(new) - len(refused)
    report.tally_all({"statements": Tally(unchanged=kept_count)})
    return refused


def _store(tx: Transaction, new: Sequence[tuple[Incoming, Found]]) -> dict[str, Tally]:
    now = datetime.now(UTC)
    events = frame_of_events(new, now)
    recorded = record_in_bulk(tx, events) if events.height else 0
    store_statements(tx, new, None, now)
    return {"statements": Tally(len(new)), "events": Tally(recorded, 0, events.height - recorded)}


@contextmanager
def _plain_errors(first: int, record: Record) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, record.engine.dialect.loaded_dbapi.Error) as error:
        raise StatementsFailed(first, getattr(error, "orig", None) or error) from error
