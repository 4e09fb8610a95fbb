"""Stored statements found again: by id or by what they say, and only those that the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, cast, func, select, true
from sqlalchemy.dialects.postgresql import JSON

from data.models import XapiActor, XapiStatement
from data.record import current_record
from data.viewer import Viewer
from progress.xapi.record.storing import key_beside_a_hidden_one
from progress.xapi.record.withholding import visible_in
from progress.xapi.statement.formats import exact
from progress.xapi.statement.values import Json


@dataclass(frozen=True)
class StatementFilter:
    """What is asked for; null is anything. `since` itself is left out, `until` is not; both are times of storing."""

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_ascending: bool = False


class FoundStatement(NamedTuple):
    number: int
    stored_at: datetime
    statement: Json


class FoundStatements(NamedTuple):
    """A page. `next_after` is the number to go on after, where there is more."""

    statements: list[FoundStatement]
    next_after: int | None


def statement_by_id(viewer: Viewer, statement_id: str, *, is_voided: bool = False) -> FoundStatement | None:
    """The statement with this id, among those that are voided or those that are not."""
    key = statement_id.lower()
    named = XapiStatement.statement_id.in_([key, key_beside_a_hidden_one(key, viewer.user_id)])
    with current_record().reading() as connection:
        conditions = (named, XapiStatement.is_voided.is_(is_voided), _visible(connection, viewer))
        rows = connection.execute(select(*_COLUMNS).where(*conditions).order_by(XapiStatement.id).limit(1)).all()
        return next(iter(_found(connection, viewer, rows)), None)


def find_statements(viewer: Viewer, wanted: StatementFilter, limit: int, after: int | None = None) -> FoundStatements:
    """A page of the statements that are asked for, the newest first unless they are to ascend."""
    order = XapiStatement.id.asc() if wanted.is_ascending else XapiStatement.id.desc()
    with current_record().reading() as connection:
        conditions = (
            _visible(connection, viewer),
            XapiStatement.is_voided.is_(False),
            *_conditions(connection, wanted),
        )
        chosen = select(*_COLUMNS).where(*conditions, _further(after, wanted.is_ascending))
        rows = connection.execute(chosen.order_by(order).limit(limit + 1)).all()
        found = _found(connection, viewer, rows[:limit])
    return FoundStatements(found, found[-1].number if len(rows) > limit else None)


def _visible(connection: Connection, viewer: Viewer) -> ColumnElement[bool]:
    """Statements about nobody whom the record knows are for administrators."""
    if viewer.sees_everyone:
        return true()
    return _is_about(connection, XapiActor.user_id.in_(sorted(viewer.learner_ids)))


def _is_about(connection: Connection, actors: ColumnElement[bool]) -> ColumnElement[bool]:
    """Asked for first: with the one number that there mostly is, the statements come in their order from the index."""
    numbers = connection.execute(select(XapiActor.id).where(actors)).scalars().all()
    return XapiStatement.actor_id.in_(numbers)


def _conditions(connection: Connection, wanted: StatementFilter) -> list[ColumnElement[bool]]:
    equal = {"verb": wanted.verb, "activity": wanted.activity}
    conditions = [getattr(XapiStatement, name) == value for name, value in equal.items() if value is not None]
    if wanted.agent is not None:
        conditions.append(_is_about(connection, XapiActor.external_id == wanted.agent))
    if wanted.since is not None:
        conditions.append(XapiStatement.stored_at > wanted.since)
    if wanted.until is not None:
        conditions.append(XapiStatement.stored_at <= wanted.until)
    if wanted.registration is not None:
        conditions.append(func.lower(_registration(connection)) == wanted.registration.lower())
    return conditions


def _registration(connection: Connection) -> ColumnElement[Any]:
    if connection.dialect.name == "sqlite":
        return func.json_extract(XapiStatement.statement, "$.context.registration")
    registration: ColumnElement[Any] = cast(XapiStatement.statement, JSON)[("context", "registration")].as_string()
    return registration


def _further(after: int | None, is_ascending: bool) -> ColumnElement[bool]:
    if after is None:
        return true()
    return XapiStatement.id > after if is_ascending else XapiStatement.id < after


_COLUMNS = (XapiStatement.id, XapiStatement.stored_at, XapiStatement.recorded_by, XapiStatement.statement)


def _found(connection: Connection, viewer: Viewer, rows: Sequence[Any]) -> list[FoundStatement]:
    """The statements as they are given out to this viewer."""
    found = [
        FoundStatement(row.id, row.stored_at, exact(row.statement, row.stored_at, row.recorded_by)) for row in rows
    ]
    if viewer.sees_everyone or not found:
        return found
    said = [each.statement for each in found]
    visible = visible_in(connection, viewer, said, _visible(connection, viewer))
    return [each._replace(statement=visible.of(each.statement)) for each in found]
