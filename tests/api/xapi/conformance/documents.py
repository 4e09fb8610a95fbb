"""The three resources of documents, each with what names a document in it, so that one test asks all of them."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from tests.api.xapi.conformance.parts import activity, agent

JSON = {"Content-Type": "application/json"}


class Resource(NamedTuple):
    path: str
    id_name: str
    context: Callable[[], dict[str, str]]

    def named(self, name: str = "bookmark") -> dict[str, str]:
        """A document of a context of its own."""
        return {**self.context(), self.id_name: name}


def an_agent() -> str:
    return json.dumps(agent(str(uuid4())))


def an_activity() -> str:
    return str(activity(str(uuid4()))["id"])


STATE = Resource("/xapi/activities/state", "stateId", lambda: {"activityId": an_activity(), "agent": an_agent()})
AGENT_PROFILE = Resource("/xapi/agents/profile", "profileId", lambda: {"agent": an_agent()})
ACTIVITY_PROFILE = Resource("/xapi/activities/profile", "profileId", lambda: {"activityId": an_activity()})
RESOURCES = {"state": STATE, "agent profile": AGENT_PROFILE, "activity profile": ACTIVITY_PROFILE}
PROFILES = {name: resource for name, resource in RESOURCES.items() if resource is not STATE}


def write(
    lrs: httpx.Client, path: str, document: dict[str, str], content: Any, method: str = "PUT", **headers: str
) -> int:
    """Send JSON, or bytes as they are; returns the status."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    types = {"Content-Type": "application/octet-stream"} if isinstance(content, bytes) else JSON
    return lrs.request(method, path, params=document, content=body, headers={**types, **headers}).status_code


def without(parameters: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in parameters.items() if key != name}
