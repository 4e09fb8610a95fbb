"""What is asked of stored statements, as conditions on their rows. Who may see which is `finding`'s matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, cast, false, func, or_, select
from sqlalchemy.dialects.postgresql import JSON

from data.models import XapiActor, XapiStatement
from data.viewer import Viewer
from progress.xapi.record.named_sets import numbers_of_sets
from progress.xapi.record.withholding import may_name
from progress.xapi.statement.formats import sender_in
from progress.xapi.statement.named import ACTIVITY, AGENT, AUTHORITY, RELATED_AGENT


@dataclass(frozen=True)
class StatementFilter:
    """What is asked for; null is anything. `since` itself is left out, `until` is not; both are times of storing."""

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None = None
    until: datetime | None = None
    is_ascending: bool = False


def stored_when(wanted: StatementFilter) -> list[ColumnElement[bool]]:
    """The conditions that each statement itself has to meet, whatever it targets."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(XapiStatement.stored_at > wanted.since)
    if wanted.until is not None:
        conditions.append(XapiStatement.stored_at <= wanted.until)
    return conditions


def says_what(connection: Connection, viewer: Viewer, wanted: StatementFilter) -> list[ColumnElement[bool]]:
    """The conditions that a statement meets by itself or by what it targets."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.agent is not None:
        conditions.append(_about_agent(connection, viewer, wanted.agent, wanted.related_agents))
    if wanted.verb is not None:
        conditions.append(XapiStatement.verb == wanted.verb)
    if wanted.activity is not None:
        conditions.append(_about_activity(connection, wanted.activity, wanted.related_activities))
    if wanted.registration is not None:
        conditions.append(func.lower(_registration(connection)) == wanted.registration.lower())
    return conditions


def is_about(connection: Connection, actors: ColumnElement[bool]) -> ColumnElement[bool]:
    """Asked for first: with the one number that there mostly is, the statements come in their order from the index."""
    return XapiStatement.actor_id.in_(_numbers_of_actors(connection, actors))


def _about_agent(connection: Connection, viewer: Viewer, agent: str, is_broad: bool) -> ColumnElement[bool]:
    """By actor, object and members of groups; broadly by all other agents too.

    A viewer who may not know of an agent finds no statement by naming it: it is left out of their statements too.
    """
    ways: list[ColumnElement[bool]] = []
    if numbers := _numbers_of_actors(connection, XapiActor.external_id == agent):
        ways.append(XapiStatement.actor_id.in_(numbers))
    if may_name(connection, viewer, agent):
        ways += _names(connection, agent, (AGENT, RELATED_AGENT, AUTHORITY) if is_broad else (AGENT,))
        sender = sender_in(agent) if is_broad else None
        if sender is not None:
            ways.append(XapiStatement.recorded_by == sender)
    return or_(false(), *ways)


def _about_activity(connection: Connection, activity: str, is_broad: bool) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [XapiStatement.activity == activity]
    if is_broad:
        ways += _names(connection, activity, (ACTIVITY,))
    return or_(*ways)


def _names(connection: Connection, name: str, roles: Iterable[str]) -> list[ColumnElement[bool]]:
    numbers = numbers_of_sets(connection, name, roles)
    return [XapiStatement.named_set_id.in_(numbers)] if numbers else []


def _numbers_of_actors(connection: Connection, actors: ColumnElement[bool]) -> list[int]:
    return list(connection.execute(select(XapiActor.id).where(actors)).scalars())


def _registration(connection: Connection) -> ColumnElement[Any]:
    if connection.dialect.name == "sqlite":
        return func.json_extract(XapiStatement.statement, "$.context.registration")
    registration: ColumnElement[Any] = cast(XapiStatement.statement, JSON)[("context", "registration")].as_string()
    return registration
