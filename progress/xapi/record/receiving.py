"""Statements that someone sends: all of them are taken in, in one transaction, or none of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError

from data.record import Transaction, current_record
from data.viewer import Viewer
from progress.recording.events import source_of
from progress.recording.record import record
from progress.xapi.record.directory import Directory, Found, directory_of
from progress.xapi.record.events import SOURCE, event_of
from progress.xapi.record.judging import StatementRefused, open_judgement
from progress.xapi.record.provisioned_learners import roll_up_newcomers
from progress.xapi.record.provisioning import provision
from progress.xapi.record.storing import lock_statements, store_statements
from progress.xapi.statement.incoming import Incoming, incoming
from progress.xapi.statement.meaning import Unusable
from progress.xapi.statement.named import without_authority
from progress.xapi.statement.subjects import mentions_of, subject_of
from progress.xapi.statement.values import InvalidStatement


class EventRefused(StatementRefused):
    """The statement's event may not be recorded by this sender; the reason says why."""


class Received(NamedTuple):
    """The ids of statements that were taken in, in their order, and what was passed over in some of them, by id."""

    ids: list[str]
    passed_over: dict[str, str]


def receive(viewer: Viewer, values: Sequence[Any]) -> Received:
    """Take in statements on the viewer's word.

    Raises InvalidStatement for what the specification forbids and StatementRefused for what is not taken in; then
    nothing of them is stored.
    """
    items = _checked(values)
    try:
        _receive(viewer, items)
    except IntegrityError:
        # Someone else stored the same statement or learner between our look and our write. Now it is there to be seen.
        _receive(viewer, items)
    return Received(
        [item.id for item in items], {item.id: item.told.passed_over for item in items if item.told.passed_over}
    )


def _checked(values: Sequence[Any]) -> list[Incoming]:
    items: list[Incoming] = []
    for number, value in enumerate(values):
        try:
            item = incoming(value)
            items.append(item._replace(named=without_authority(item.named)))
        except InvalidStatement as error:
            if len(values) == 1:
                raise
            raise InvalidStatement(f"{number}.{error.place}".rstrip("."), error.words) from None
        except Unusable as error:
            raise InvalidStatement(str(number) if len(values) > 1 else "", str(error)) from None
    if len({item.id for item in items}) < len(items):
        raise InvalidStatement("id", "Two of the statements have the same id.")
    return items


def _receive(viewer: Viewer, items: Sequence[Incoming]) -> None:
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
