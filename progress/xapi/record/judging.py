"""Which statements may be taken in from whom, and why others are not. Reads; stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson
from sqlalchemy import select

from data.bulk import matches_any
from data.models import XapiActor, XapiStatement
from data.record import Transaction
from data.viewer import Viewer
from progress.people.access import authority, taught_pairs
from progress.xapi.record.directory import Directory, Found, NotFound
from progress.xapi.record.storing import key_beside_a_hidden_one
from progress.xapi.statement.incoming import Incoming, says_the_same
from progress.xapi.statement.statements import VOIDED
from progress.xapi.statement.subjects import subject_of


class StatementRefused(Exception):
    """A statement that is not taken in, though the specification allows it. Its text is meant for people."""


class Conflict(StatementRefused):
    def __init__(self, statement_id: str) -> None:
        super().__init__(f"Another statement with the id {statement_id} is stored already.")


class UnknownSubject(StatementRefused):
    """Only for viewers who may know what there is."""


class NotYours(StatementRefused):
    """The same for what does not exist and for what the sender may not know of."""

    def __init__(self) -> None:
        super().__init__("There is no such learner or activity among those for whom you may record progress.")


class MayNotVoid(StatementRefused):
    def __init__(self) -> None:
        super().__init__("You can void only statements that you sent.")


class VoidsVoiding(StatementRefused):
    def __init__(self) -> None:
        super().__init__("A statement that voids another cannot be voided itself.")


class AlreadyKept(NamedTuple):
    """The very same statement is stored."""

    statement_id: str


class Kept(NamedTuple):
    """`user_id` is whom it is about, null where nobody here."""

    verb: str
    recorded_by: int | None
    statement: str
    user_id: int | None


@dataclass(frozen=True)
class Judgement:
    """What one transaction knows while it judges statements. Without a viewer they come from the command line."""

    viewer: Viewer | None
    directory: Directory
    kept: dict[str, Kept]
    taught: frozenset[int]

    @property
    def is_trusted(self) -> bool:
        """Whether the sender speaks for everyone and may know everything that there is."""
        return self.viewer is None or self.viewer.sees_everyone

    def judge(self, item: Incoming) -> Found | AlreadyKept | StatementRefused:
        """`item` has the id under which it is kept or would be: see `key_of`."""
        if not self._may_speak_of(item):
            return NotYours()
        kept = self.kept.get(item.id)
        if kept is not None:
            is_same = says_the_same(kept.statement, item.text)
            return AlreadyKept(item.id) if is_same else Conflict(orjson.loads(item.text)["id"])
        return self._refusal_of_voiding(item.voids) or self._found(item)

    def key_of(self, statement_id: str) -> str:
        """Under what a statement of this id is kept for the sender, who may know nothing of hidden ones."""
        kept = self.kept.get(statement_id)
        if self.viewer is None or kept is None or self._may_know_of(kept):
            return statement_id
        return key_beside_a_hidden_one(statement_id, self.viewer.user_id)

    def _may_know_of(self, kept: Kept) -> bool:
        viewer = self.viewer
        if viewer is None or self.is_trusted:
            return True
        return kept.recorded_by == viewer.user_id or kept.user_id in viewer.learner_ids

    def _found(self, item: Incoming) -> Found | StatementRefused:
        try:
            return self.directory.find(subject_of(item))
        except NotFound as error:
            return UnknownSubject(str(error)) if self.is_trusted else NotYours()

    def _may_speak_of(self, item: Incoming) -> bool:
        if self.viewer is None or self.viewer.sees_everyone:
            return True
        learner = self.directory.learner_of(item.actor)
        return learner is not None and authority(self.viewer, learner, learner in self.taught) is not None

    def _refusal_of_voiding(self, voids: str | None) -> StatementRefused | None:
        if voids is None:
            return None
        target = self.kept.get(voids)
        if (
            self.viewer is not None
            and not self.is_trusted
            and (target is None or target.recorded_by != self.viewer.user_id)
        ):
            return MayNotVoid()
        return VoidsVoiding() if target is not None and target.verb == VOIDED else None


def open_judgement(
    tx: Transaction, viewer: Viewer | None, items: Sequence[Incoming], directory: Directory
) -> Judgement:
    """Read what judging these statements takes."""
    ids = {item.id for item in items} | {item.targets for item in items if item.targets}
    if viewer is not None:
        ids |= {key_beside_a_hidden_one(statement_id, viewer.user_id) for statement_id in ids}
    columns = (XapiStatement.verb, XapiStatement.recorded_by, XapiStatement.statement, XapiActor.user_id)
    named = select(XapiStatement.statement_id, *columns).join(XapiActor, XapiActor.id == XapiStatement.actor_id)
    rows = tx.execute(named.where(matches_any(tx, XapiStatement.statement_id, ids)))
    kept = {row.statement_id: Kept(*row[1:]) for row in rows}
    return Judgement(viewer, directory, kept, _taught(tx, viewer, directory))


def _taught(tx: Transaction, viewer: Viewer | None, directory: Directory) -> frozenset[int]:
    if viewer is None:
        return frozenset()
    named = {*directory.learners.values(), *directory.learners_by_email.values()}
    return frozenset(learner for learner, _ in taught_pairs(tx, viewer, named))
