"""Statements of other worlds than the school's: their verbs mean nothing here, so that they are only kept."""

import json
from typing import Any
from uuid import uuid4

import httpx

STATEMENTS = "/xapi/statements"
ASKED = "https://verbs.example/asked"
PLACE = "https://things.example"


def agent(name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "mbox": f"mailto:{name}@conformance.example"}


def group(*names: str, **more: Any) -> dict[str, Any]:
    return {"objectType": "Group", "member": [agent(name) for name in names], **more}


def activity(slug: str, /, **definition: Any) -> dict[str, Any]:
    said = {"definition": definition} if definition else {}
    return {"objectType": "Activity", "id": f"{PLACE}/{slug}", **said}


def reference(statement_id: str) -> dict[str, Any]:
    return {"objectType": "StatementRef", "id": statement_id}


def said(actor: Any = None, thing: Any = None, verb: str = ASKED, **more: Any) -> dict[str, Any]:
    """A statement with an id of its own."""
    return {
        "id": str(uuid4()),
        "actor": actor or agent("asker"),
        "verb": {"id": verb, "display": {"en-US": "asked", "de": "fragte"}},
        "object": thing or activity("question", name={"en-US": "A question", "de": "Eine Frage"}),
        **more,
    }


SUB_STATEMENT = {
    "objectType": "SubStatement",
    "actor": agent("inner-actor"),
    "verb": {"id": ASKED},
    "object": activity("inner-object"),
    "context": {
        "instructor": agent("inner-instructor"),
        "team": group("inner-member"),
        "contextActivities": {"grouping": activity("inner-grouping")},
    },
}

RELATED = said(
    agent("outer-actor"),
    SUB_STATEMENT,
    context={
        "registration": "11111111-2222-4333-8444-555555555555",
        "instructor": agent("outer-instructor"),
        "team": group("outer-member", mbox="mailto:outer-team@conformance.example"),
        "contextActivities": {"parent": activity("parent"), "category": [activity("category")]},
    },
)


def ids(lrs: httpx.Client, **parameters: Any) -> list[str]:
    answer = lrs.get(STATEMENTS, params=parameters)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["statements"]]


def by_agent(lrs: httpx.Client, who: dict[str, Any], **more: Any) -> list[str]:
    return ids(lrs, agent=json.dumps(who), **more)
