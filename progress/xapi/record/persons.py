"""An agent as a person: the names and identifiers under which the record knows them, for those who may know them."""

import re
from typing import Any

from sqlalchemy import select

from data.models import User
from data.record import current_record
from data.viewer import Viewer
from progress.audit.reads import note_look
from progress.xapi.record.directory import learner_named
from progress.xapi.statement.actors import agent_of
from progress.xapi.statement.values import Json

_ACCOUNT = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:[^\s|]+)\|(.+)")
_IDENTIFIERS = ("name", "mbox", "mbox_sha1sum", "openid", "account")


def person(viewer: Viewer, agent: Json) -> Json:
    """What was asked with, and what else is known of that person; nothing else where the viewer may not know them.

    `agent` has been checked to be one.
    """
    known = [agent]
    with current_record().reading() as connection:
        user_id = learner_named(connection, agent_of(agent, ""))
        if user_id is not None and (viewer.may_see(user_id) or viewer.user_id == user_id):
            named = select(User.full_name, User.email, User.external_id).where(User.id == user_id)
            known += _as_agents(connection.execute(named).one())
            note_look(viewer, user_id)
    lists = {name: _distinct(each[name] for each in known if name in each) for name in _IDENTIFIERS}
    return {"objectType": "Person", **{name: values for name, values in lists.items() if values}}


def _as_agents(row: Any) -> list[Json]:
    """The name, and what of the address and the external id xAPI has a place for."""
    agents: list[Json] = [{"name": row.full_name}]
    if row.email:
        agents.append({"mbox": f"mailto:{row.email}"})
    external_id = row.external_id or ""
    if account := _ACCOUNT.fullmatch(external_id):
        agents.append({"account": {"homePage": account[1], "name": account[2]}})
    elif external_id.startswith("mailto:"):
        agents.append({"mbox": external_id})
    return agents


def _distinct(values: Any) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found
