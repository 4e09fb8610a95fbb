"""What a statement names apart from its actor and an activity as its object: what the broad filters look for.

A line for each name, its role before it; sorted, so that statements that name the same have the same text.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from progress.xapi.statement.actors import actor_of
from progress.xapi.statement.values import Json

# `agent` is also found by the plain filter, `related_agent` and `authority` only by `related_agents`.
ACTIVITY, AGENT, RELATED_AGENT, AUTHORITY = "activity", "agent", "related_agent", "authority"

_NOTHING: Json = {}


def named_by(statement: Json) -> str:
    """All names of a statement that has been checked; an authority is named where the statement says one."""
    return as_text(_names(statement))


def as_text(names: Iterable[tuple[str, str]]) -> str:
    return "\n".join(sorted({f"{role} {name}" for role, name in names}))


def names_in(text: str) -> list[tuple[str, str]]:
    """The roles and names of such a text: no role has a space, and no name a line break."""
    return [(role, name) for role, _, name in (line.partition(" ") for line in text.split("\n") if line)]


def without_authority(text: str) -> str:
    """The same for statements that stand on the authority of who sends them, whatever they say of it."""
    return as_text((role, name) for role, name in names_in(text) if role != AUTHORITY)


def related_names(activities: Json) -> Iterator[tuple[str, str]]:
    """The names of `contextActivities`, in which each relation may be a list or a single activity."""
    for listed in activities.values():
        yield from ((ACTIVITY, each["id"]) for each in (listed if isinstance(listed, list) else [listed]))


def authority_names(authority: Json) -> Iterator[tuple[str, str]]:
    return ((AUTHORITY, name) for name in _people(authority))


def _names(statement: Json) -> Iterator[tuple[str, str]]:
    target = statement["object"]
    kind = target.get("objectType")
    yield from ((AGENT, name) for name in _members(statement["actor"]))
    if kind in ("Agent", "Group"):
        yield from ((AGENT, name) for name in _people(target))
    elif kind == "SubStatement":
        yield from _names_within(target)
    if "context" in statement:
        yield from _names_around(statement["context"])
    if "authority" in statement:
        yield from authority_names(statement["authority"])


def _names_within(part: Json) -> Iterator[tuple[str, str]]:
    """Of a SubStatement."""
    target = part["object"]
    kind = target.get("objectType", "Activity")
    yield from ((RELATED_AGENT, name) for name in _people(part["actor"]))
    if kind == "Activity":
        yield ACTIVITY, target["id"]
    elif kind != "StatementRef":
        yield from ((RELATED_AGENT, name) for name in _people(target))
    yield from _names_around(part.get("context", _NOTHING))


def _names_around(context: Json) -> Iterator[tuple[str, str]]:
    for place in ("instructor", "team"):
        if place in context:
            yield from ((RELATED_AGENT, name) for name in _people(context[place]))
    yield from related_names(context.get("contextActivities", _NOTHING))


def _people(person: Any) -> Iterator[str]:
    """The external ids of an agent, or of a group and its members."""
    found = actor_of(person, "").external_id
    if found is not None:
        yield found
    yield from _members(person)


def _members(group: Json) -> Iterator[str]:
    for member in group.get("member", ()):
        yield from _people(member)
