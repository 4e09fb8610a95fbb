"""A stored statement as it is given out: with what is filled in, whole or cut down to ids or to one language."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

import orjson

from progress.xapi.statement.values import Json

Format = Literal["exact", "ids", "canonical"]

# Who sent a statement is named by their number in this record; the name of the place is reserved and leads nowhere.
HOME_PAGE = "https://waymark.invalid/people"
IMPORT = "import"
_USUAL_VERSION = "1.0.0"
_DIGITS_OF_NUMBERS = 19

_AGENT_IDS = ("objectType", "mbox", "mbox_sha1sum", "openid", "account")


def exact(text: str, stored_at: datetime, recorded_by: int | None) -> Json:
    """All that was sent, and `stored`, `timestamp`, `version` and `authority`, which are filled in.

    What a file said of its authority stays; anybody else's statements stand on the authority of who sent them.
    """
    statement: Json = orjson.loads(text)
    stored = stored_at.isoformat().replace("+00:00", "Z")
    sender = {
        "objectType": "Agent",
        "account": {"homePage": HOME_PAGE, "name": IMPORT if recorded_by is None else str(recorded_by)},
    }
    authority = statement.get("authority", sender) if recorded_by is None else sender
    filled_in = {"timestamp": stored, "version": _USUAL_VERSION}
    return {**filled_in, **statement, "stored": stored, "authority": authority}


def sender_in(external_id: str) -> int | None:
    """Whose number in this record an agent's external id is; None for agents of other places."""
    home_page, _, name = external_id.rpartition("|")
    return int(name) if home_page == HOME_PAGE and name.isdecimal() and len(name) < _DIGITS_OF_NUMBERS else None


def in_format(statement: Json, chosen: Format, languages: Sequence[str] = ()) -> Json:
    """The statement in one of the specification's formats. `languages` are those wanted, best first."""
    if chosen == "exact":
        return statement
    cut = _ids_only if chosen == "ids" else lambda part: _in_one_language(part, languages)
    return _with_parts_cut(statement, cut)


def _with_parts_cut(statement: Json, cut: Callable[[Json], Json]) -> Json:
    parts: Json = {name: cut(statement[name]) for name in ("actor", "verb", "authority") if name in statement}
    target = statement["object"]
    is_within = target.get("objectType") == "SubStatement"
    parts["object"] = {"objectType": "SubStatement", **_with_parts_cut(target, cut)} if is_within else cut(target)
    if "context" in statement:
        parts["context"] = _context_cut(statement["context"], cut)
    return {**statement, **parts}


def _context_cut(context: Json, cut: Callable[[Json], Json]) -> Json:
    people: Json = {name: cut(context[name]) for name in ("instructor", "team") if name in context}
    related = context.get("contextActivities")
    if related is None:
        return {**context, **people}
    activities = {name: [cut(activity) for activity in listed] for name, listed in _lists(related).items()}
    return {**context, **people, "contextActivities": activities}


def _lists(related: Json) -> Json:
    """With a list for each relation, though one activity stands alone: within a SubStatement it was once kept so."""
    return {name: listed if isinstance(listed, list) else [listed] for name, listed in related.items()}


def _ids_only(part: Json) -> Json:
    """An agent, group, activity or verb with nothing but what identifies it."""
    if "id" in part:
        return {name: part[name] for name in ("objectType", "id") if name in part}
    identified = {name: part[name] for name in _AGENT_IDS if name in part}
    is_anonymous = not identified.keys() - {"objectType"}
    return {**identified, "member": [_ids_only(each) for each in part["member"]]} if is_anonymous else identified


def _in_one_language(part: Json, languages: Sequence[str]) -> Json:
    """An activity or verb whose texts are each in one language; others stay as they are."""
    cut = dict(part)
    for name in ("display", "name", "description"):
        if isinstance(part.get(name), dict) and part[name]:
            cut[name] = _one_of(part[name], languages)
    if isinstance(part.get("definition"), dict):
        cut["definition"] = _in_one_language(part["definition"], languages)
    return cut


def _one_of(texts: dict[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    for wanted in languages:
        for language in texts:
            if language.lower().startswith(wanted.lower()):
                return {language: texts[language]}
    first = next(iter(texts))
    return {first: texts[first]}
