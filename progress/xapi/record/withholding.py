"""What a reader may see of a statement: other people in it are left out, also from the formats made of it afterwards.

Which statements someone may see at all is `finding`'s matter.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from data.models import User, XapiStatement
from data.viewer import Viewer
from progress.xapi.statement.actors import actor_of
from progress.xapi.statement.formats import HOME_PAGE, IMPORT, sender_in
from progress.xapi.statement.values import InvalidStatement, Json

# Stands where the specification asks for somebody or something and the reader may not know whom or what.
WITHHELD: Json = {"objectType": "Agent", "account": {"homePage": HOME_PAGE, "name": "withheld"}}
_NO_STATEMENT = "00000000-0000-0000-0000-000000000000"

_IDENTIFIERS = frozenset({"mbox", "mbox_sha1sum", "openid", "account"})
_MAY_BE_MISSING = frozenset({"instructor", "team", "statement"})


@dataclass(frozen=True)
class Visible:
    """The people, by their external ids, and the statements that a reader may know of, among those that are named."""

    viewer: Viewer
    people: frozenset[str]
    statements: frozenset[str]

    def of(self, statement: Json) -> Json:
        """The statement without the others. Whom it is about stays: the reader was found to see it."""
        seen: Json = self._seen({name: part for name, part in statement.items() if name != "actor"})
        return {**seen, "actor": self._whom_it_is_about(statement["actor"])}

    def _whom_it_is_about(self, actor: Json) -> Json:
        if "member" not in actor:
            return actor
        group = self._members_seen(actor)
        return group if group["member"] or _IDENTIFIERS & group.keys() else WITHHELD

    def _seen(self, part: Any) -> Any:
        if isinstance(part, list):
            return [seen for each in part if (seen := self._seen(each)) is not WITHHELD]
        if not isinstance(part, dict):
            return part
        if _is_person(part):
            return self._person_seen(part)
        if part.get("objectType") == "StatementRef":
            is_known = str(part.get("id")).lower() in self.statements
            return part if is_known else {**part, "id": _NO_STATEMENT}
        seen = {name: self._seen(value) for name, value in part.items()}
        return {name: value for name, value in seen.items() if not (name in _MAY_BE_MISSING and _is_withheld(value))}

    def _person_seen(self, person: Json) -> Json:
        if not _IDENTIFIERS & person.keys():
            group = self._members_seen(person)
            return group if group["member"] else WITHHELD
        if not self._is_known(person):
            return WITHHELD
        return self._members_seen(person) if "member" in person else person

    def _members_seen(self, group: Json) -> Json:
        return {**group, "member": self._seen(group["member"]) if isinstance(group["member"], list) else []}

    def _is_known(self, person: Json) -> bool:
        account = person.get("account")
        if isinstance(account, dict) and account.get("homePage") == HOME_PAGE:
            name = str(account.get("name"))
            return name == IMPORT or (name.isdecimal() and _may_know(self.viewer, int(name)))
        return any(name in self.people for name in _names_of(person))


def visible_in(connection: Connection, viewer: Viewer, statements: Iterable[Json], seen: Any) -> Visible:
    """Look up whom and what the statements name. `seen` is the condition on the statements that the viewer may see."""
    named, referred = set[str](), set[str]()
    for part in (part for statement in statements for part in parts_within(statement)):
        if part.get("objectType") == "StatementRef":
            referred.add(str(part.get("id")).lower())
        elif _is_person(part):
            named.update(_names_of(part))
    return Visible(viewer, _people(connection, viewer, named), _statements(connection, referred, seen))


def may_name(connection: Connection, viewer: Viewer, external_id: str) -> bool:
    """Whether the viewer may know of this agent, so that statements may be found by its being named in them."""
    sender = sender_in(external_id)
    if viewer.sees_everyone or sender is not None:
        return viewer.sees_everyone or _may_know(viewer, sender or 0)
    return bool(_people(connection, viewer, {external_id, external_id.removeprefix("mailto:").lower()}))


def parts_within(value: Any) -> Iterator[Json]:
    """Every object within, however deep."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _is_person(part: Json) -> bool:
    return bool(_IDENTIFIERS & part.keys()) or "member" in part


def _names_of(person: Json) -> set[str]:
    """The external id and the address, in lower case, under which the record may know someone."""
    try:
        actor = actor_of({name: value for name, value in person.items() if name != "member"}, "")
    except (InvalidStatement, TypeError):
        return set()
    return {name for name in (actor.external_id, actor.email and actor.email.lower()) if name}


def _is_withheld(value: Any) -> bool:
    return value is WITHHELD or (isinstance(value, dict) and value.get("id") == _NO_STATEMENT)


def _may_know(viewer: Viewer, user_id: int) -> bool:
    return user_id == viewer.user_id or viewer.may_see(user_id)


def _people(connection: Connection, viewer: Viewer, named: set[str]) -> frozenset[str]:
    known = {viewer.user_id, *viewer.learner_ids}
    rows = connection.execute(select(User.external_id, User.email).where(User.id.in_(sorted(known))))
    own = {name for external_id, email in rows for name in (external_id, email and email.lower()) if name}
    return frozenset(named & own)


def _statements(connection: Connection, referred: set[str], seen: Any) -> frozenset[str]:
    if not referred:
        return frozenset()
    rows = connection.execute(
        select(XapiStatement.statement_id).where(XapiStatement.statement_id.in_(sorted(referred)), seen)
    )
    return frozenset(rows.scalars())
