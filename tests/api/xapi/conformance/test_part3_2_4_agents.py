"""Part three, 2.4 agents resource: an agent as a person."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.xapi.conformance.parts import agent, group
from tests.api.xapi.statements import actor

AGENTS = "/xapi/agents"
IDENTIFIERS: dict[str, Any] = {
    "mbox": "mailto:unknown@conformance.example",
    "mbox_sha1sum": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "openid": "https://unknown.example/me",
    "account": {"homePage": "https://elsewhere.example", "name": "unknown"},
}


def person(lrs: httpx.Client, who: Any) -> Any:
    answer = lrs.get(AGENTS, params={"agent": json.dumps(who)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_xapi_00236_to_00238_and_00246_a_known_agent_is_a_person_with_lists(lrs: httpx.Client) -> None:
    assert person(lrs, actor("ada")) == {
        "objectType": "Person",
        "name": ["Ada"],
        "mbox": ["mailto:ada@school.example"],
        "account": [actor("ada")["account"]],
    }


@pytest.mark.parametrize("name", IDENTIFIERS)
def test_xapi_00239_to_00242_and_00247_of_an_unknown_agent_what_was_asked_with_is_given(
    lrs: httpx.Client, name: str
) -> None:
    found = person(lrs, {"name": "Somebody", name: IDENTIFIERS[name]})
    assert found == {"objectType": "Person", "name": ["Somebody"], name: [IDENTIFIERS[name]]}


def test_xapi_00244_and_00248_the_person_is_who_was_asked_for(lrs: httpx.Client) -> None:
    found = person(lrs, {"mbox": "mailto:ada@school.example", "name": "A. L."})
    assert (found["mbox"], found["name"]) == (["mailto:ada@school.example"], ["A. L.", "Ada"])


def test_xapi_00243_an_agent_is_asked_for(lrs: httpx.Client) -> None:
    assert lrs.get(AGENTS).status_code == 400


@pytest.mark.parametrize("wrong", [{}, 7, [], {"mbox": "ada"}, group("one", "two"), {**agent("a"), "member": []}])
def test_xapi_00249_what_is_no_agent_is_refused(lrs: httpx.Client, wrong: Any) -> None:
    assert lrs.get(AGENTS, params={"agent": json.dumps(wrong)}).status_code == 400


def test_xapi_00126_and_3_1_head_and_etags(lrs: httpx.Client) -> None:
    parameters = {"agent": json.dumps(agent(str(uuid4())))}
    etag = lrs.head(AGENTS, params=parameters).headers["etag"]
    assert lrs.get(AGENTS, params=parameters, headers={"If-None-Match": etag}).status_code == 304
