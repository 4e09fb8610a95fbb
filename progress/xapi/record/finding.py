"""Stored statements found again: by id or by what they say, and only those that the viewer may see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, select, true

from data.models import XapiActor, XapiStatement
from data.record import current_record
from data.viewer import Viewer
from progress.xapi.record.filters import StatementFilter, is_about, says_what, stored_when
from progress.xapi.record.storing import key_beside_a_hidden_one
from progress.xapi.record.withholding import visible_in
from progress.xapi.statement.formats import exact
from progress.xapi.statement.incoming import said_alike
from progress.xapi.statement.values import Json


class FoundStatement(NamedTuple):
    """`is_whole`: nothing that its sender said is withheld from the reader."""

    number: int
    stored_at: datetime
    statement: Json
    is_whole: bool = True


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
    with current_record().reading() as connection:
        what = says_what(connection, viewer, wanted)
        shown = (
            _visible(connection, viewer),
            XapiStatement.is_voided.is_(False),
            *stored_when(wanted),
            _further(after, wanted.is_ascending),
        )
        order = XapiStatement.id.asc() if wanted.is_ascending else XapiStatement.id.desc()
        chosen = select(*_COLUMNS).where(*shown).order_by(order).limit(limit + 1)
        rows = {row.id: row for row in connection.execute(chosen.where(*what))}
        if what and _is_any_targeted(connection):
            rows |= {row.id: row for row in connection.execute(chosen.where(_targets(connection, viewer, what)))}
        page = [rows[number] for number in sorted(rows, reverse=not wanted.is_ascending)]
        found = _found(connection, viewer, page[:limit])
    return FoundStatements(found, found[-1].number if len(page) > limit else None)


def _visible(connection: Connection, viewer: Viewer) -> ColumnElement[bool]:
    """Statements about nobody whom the record knows are for administrators."""
    return true() if viewer.sees_everyone else is_about(connection, XapiActor.user_id.in_(sorted(viewer.learner_ids)))


def _is_any_targeted(connection: Connection) -> bool:
    targeting = select(XapiStatement.id).where(XapiStatement.targets.is_not(None)).limit(1)
    return connection.execute(targeting).first() is not None


def _targets(connection: Connection, viewer: Viewer, what: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Whether a statement's object is a statement of which this is true, or that again targets such a one.

    Each of them has to be visible, or their being found would tell of those that are not. Voided ones count.
    """
    visible = _visible(connection, viewer)
    first = select(XapiStatement.id.label("number"), XapiStatement.targets.label("target"))
    chain = first.where(XapiStatement.targets.is_not(None)).cte("chain", recursive=True)
    onwards = select(chain.c.number, XapiStatement.targets).join(
        XapiStatement, XapiStatement.statement_id == chain.c.target
    )
    chain = chain.union(onwards.where(XapiStatement.targets.is_not(None), visible))
    met = select(chain.c.number).join(XapiStatement, XapiStatement.statement_id == chain.c.target)
    return XapiStatement.id.in_(met.where(*what, visible).correlate(None))


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
    given = [visible.of(each.statement) for each in found]
    return [
        each._replace(statement=seen, is_whole=said_alike(seen, each.statement))
        for each, seen in zip(found, given, strict=True)
    ]
