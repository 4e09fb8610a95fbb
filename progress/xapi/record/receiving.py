"""Statements that someone sends: all of them are taken in, in one transaction, or none of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy.exc import IntegrityError

from data.record import Transaction, current_record
from data.viewer import Viewer
from progress.recording.events import source_of
from progress.recording.record import record
from progress.xapi.record.attachments import store_attachments
from progress.xapi.record.directory import Directory, Found, directory_of
from progress.xapi.record.events import SOURCE, event_of
from progress.xapi.record.judging import StatementRefused, open_judgement
from progress.xapi.record.provisioned_learners import roll_up_newcomers
from progress.xapi.record.provisioning import provision
from progress.xapi.record.storing import lock_statements, store_statements
from progress.xapi.statement.attachments import SIGNATURE, Data, has_its_hash
from progress.xapi.statement.incoming import Incoming, incoming
from progress.xapi.statement.meaning import Unusable
from progress.xapi.statement.named import without_authority
from progress.xapi.statement.signatures import check_signatures
from progress.xapi.statement.subjects import mentions_of, subject_of
from progress.xapi.statement.values import InvalidStatement


class EventRefused(StatementRefused):
    """The statement's event may not be recorded by this sender; the reason says why."""


class Received(NamedTuple):
    """The ids of statements that were taken in, in their order, and what was passed over in some of them, by id."""

    ids: list[str]
    passed_over: dict[str, str]


def receive(viewer: Viewer, values: Sequence[Any], data: Sequence[Data] = ()) -> Received:
    """Take in statements, and the data of their attachments that came along, on the viewer's word.

    Raises InvalidStatement for what the specification forbids and StatementRefused for what is not taken in; then
    nothing of them is stored.
    """
    received = _by_hash(data)
    items = _checked(values, received)
    try:
        _receive(viewer, items, received)
    except IntegrityError:
        # Someone else stored the same statement or learner between our look and our write. Now it is there to be seen.
        _receive(viewer, items, received)
    return Received(
        [item.id for item in items], {item.id: item.told.passed_over for item in items if item.told.passed_over}
    )


def _by_hash(data: Sequence[Data]) -> dict[str, Data]:
    if wrong := next((each for each in data if not has_its_hash(each)), None):
        raise InvalidStatement("attachments", f"The hash {wrong.sha2[:128]} is not that of the data that came with it.")
    return {each.sha2: each for each in data}


def _checked(values: Sequence[Any], received: Mapping[str, Data]) -> list[Incoming]:
    items: list[Incoming] = []
    for number, value in enumerate(values):
        try:
            item = incoming(value, received)
            if SIGNATURE in item.text:
                check_signatures(orjson.loads(item.text), received)
            items.append(item._replace(named=without_authority(item.named)))
        except InvalidStatement as error:
            if len(values) == 1:
                raise
            raise InvalidStatement(f"{number}.{error.place}".rstrip("."), error.words) from None
        except Unusable as error:
            raise InvalidStatement(str(number) if len(values) > 1 else "", str(error)) from None
    if len({item.id for item in items}) < len(items):
        raise InvalidStatement("id", "Two of the statements have the same id.")
    if received.keys() - {sha2 for item in items for sha2 in item.attached}:
        raise InvalidStatement("attachments", "Data came along that no statement names by its hash.")
    return items


def _receive(viewer: Viewer, items: Sequence[Incoming], received: Mapping[str, Data]) -> None:
    with current_record().writing() as tx:
        lock_statements(tx)
        now = datetime.now(UTC)
        subjects = [subject_of(item) for item in items]
        directory = directory_of(tx, subjects)
        if viewer.sees_everyone:
            directory, _, newcomers = provision(tx, subjects, mentions_of(items, now), directory, now)
            roll_up_newcomers(tx, newcomers)  # a few events are recorded into rows that are there
        new = list(_new(tx, viewer, items, directory))
        _record(tx, viewer, new, now)
        store_statements(tx, new, viewer.user_id, now)
        store_attachments(tx, [item for item, _ in new], received, viewer, now)


def _new(
    tx: Transaction, viewer: Viewer, items: Sequence[Incoming], directory: Directory
) -> Iterator[tuple[Incoming, Found]]:
    judgement = open_judgement(tx, viewer, items, directory)
    for sent in items:
        item = sent._replace(id=judgement.key_of(sent.id), targets=sent.targets and judgement.key_of(sent.targets))
        judged = judgement.judge(item)
        if isinstance(judged, StatementRefused):
            raise judged
        if isinstance(judged, Found):
            yield item, judged


def _record(tx: Transaction, viewer: Viewer, new: Sequence[tuple[Incoming, Found]], now: datetime) -> None:
    source = source_of(viewer, SOURCE)
    events = [
        event
        for item, found in new
        if (event := event_of(item, found, source, now, is_learners_word=_is_learners_word(viewer, found))) is not None
    ]
    for verdict in record(viewer, events, within=tx, received_at=now) if events else ():
        if verdict.outcome == "refused":
            raise EventRefused(f"{verdict.event_id}: {verdict.reason}" if len(new) > 1 else str(verdict.reason))


def _is_learners_word(viewer: Viewer, found: Found) -> bool:
    return viewer.user_id == found.user_id and not viewer.sees_everyone
