"""Part three, 2.1 statement resource: filters and formats."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.xapi.conformance.parts import STATEMENTS, activity, agent, by_agent, group, ids, said

Stored = Callable[[dict[str, Any]], dict[str, Any]]


def test_xapi_00165_every_answer_says_what_it_is(lrs: httpx.Client) -> None:
    assert lrs.get(STATEMENTS).headers["content-type"] == "application/json"


def test_xapi_00166_ascending_gives_the_oldest_first(lrs: httpx.Client, stored: Stored) -> None:
    verb = f"https://verbs.example/{uuid4()}"
    sent = [stored(said(verb=verb))["id"] for _ in range(3)]
    assert (ids(lrs, verb=verb, ascending="true"), ids(lrs, verb=verb)) == (sent, sent[::-1])


def test_xapi_00168_and_00170_exact_is_what_was_sent_and_is_meant_where_no_format_is_named(
    lrs: httpx.Client, stored: Stored
) -> None:
    sent = stored(said(group("one", "two", name="Both"), activity("exact", name={"en": "Exact", "fr": "Exacte"})))
    for parameters in ({}, {"format": "exact"}):
        found = lrs.get(STATEMENTS, params={"statementId": sent["id"], **parameters}).json()
        assert {name: found[name] for name in sent} == sent


def test_xapi_00169_canonical_has_one_language(lrs: httpx.Client, stored: Stored) -> None:
    sent = stored(said(thing=activity("canonical", name={"en": "Exact", "fr": "Exacte"})))
    found = lrs.get(STATEMENTS, params={"statementId": sent["id"], "format": "canonical"}).json()
    assert len(found["object"]["definition"]["name"]) == len(found["verb"]["display"]) == 1


def test_xapi_00171_ids_are_all_that_is_left_of_people_and_things(
    lrs: httpx.Client, stored: Stored, related: dict[str, Any]
) -> None:
    sent = stored(said({**group("one", "two"), "name": "Both"}, activity("named", name={"en": "Named"})))
    found = lrs.get(STATEMENTS, params={"statementId": sent["id"], "format": "ids"}).json()
    assert found["actor"] == group("one", "two")
    assert found["object"] == activity("named")
    assert found["verb"] == {"id": sent["verb"]["id"]}


@pytest.mark.parametrize("form", ["exact", "ids", "canonical"])
def test_xapi_00096_and_00168_whatever_is_accepted_can_be_read_in_every_format(
    lrs: httpx.Client, related: dict[str, Any], form: str
) -> None:
    found = lrs.get(STATEMENTS, params={"statementId": related["id"], "format": form}).json()
    assert found["context"]["contextActivities"]["parent"] == [activity("parent")]
    assert found["object"]["context"]["contextActivities"]["grouping"] == [activity("inner-grouping")]


def test_xapi_00172_the_language_is_the_readers(lrs: httpx.Client, stored: Stored) -> None:
    sent = stored(said())
    parameters = {"statementId": sent["id"], "format": "canonical"}
    found = lrs.get(STATEMENTS, params=parameters, headers={"Accept-Language": "de, en;q=0.5"}).json()
    assert found["verb"]["display"] == {"de": "fragte"}
    assert found["object"]["definition"]["name"] == {"de": "Eine Frage"}
    assert lrs.get(STATEMENTS, params={"statementId": sent["id"]}, headers={"Accept-Language": "de"}).json()[
        "verb"
    ] == sent["verb"]  # fmt: skip


def test_xapi_00173_limit_is_the_number_of_statements(lrs: httpx.Client, stored: Stored) -> None:
    verb = f"https://verbs.example/{uuid4()}"
    sent = [stored(said(verb=verb))["id"] for _ in range(3)]
    assert len(ids(lrs, verb=verb, limit=2)) == 2
    assert len(ids(lrs, verb=verb, limit=0)) == len(ids(lrs, verb=verb)) == len(sent)


def test_xapi_00174_until_is_the_time_of_the_last_one(lrs: httpx.Client, stored: Stored) -> None:
    verb = f"https://verbs.example/{uuid4()}"
    first, _ = stored(said(verb=verb)), stored(said(verb=verb))
    moment = lrs.get(STATEMENTS, params={"statementId": first["id"]}).json()["stored"]
    assert ids(lrs, verb=verb, until=moment) == [first["id"]]


def test_xapi_00175_since_is_a_time_before_the_first_one(lrs: httpx.Client, stored: Stored) -> None:
    verb = f"https://verbs.example/{uuid4()}"
    first, second = stored(said(verb=verb)), stored(said(verb=verb))
    moment = lrs.get(STATEMENTS, params={"statementId": first["id"]}).json()["stored"]
    assert ids(lrs, verb=verb, since=moment) == [second["id"]]


EVERYBODY = [
    *("outer-actor", "outer-instructor", "outer-member", "outer-team"),
    *("inner-actor", "inner-instructor", "inner-member"),
]


@pytest.mark.parametrize("name", EVERYBODY)
def test_xapi_00176_related_agents_finds_an_agent_in_every_place(
    lrs: httpx.Client, related: dict[str, Any], name: str
) -> None:
    assert by_agent(lrs, agent(name), related_agents="true") == [related["id"]]
    assert by_agent(lrs, agent(name)) == ([related["id"]] if name == "outer-actor" else [])


def test_xapi_00176_related_agents_finds_the_authority(lrs: httpx.Client, stored: Stored) -> None:
    sent = stored({**said(), "authority": agent("claimed-authority")})
    authority = lrs.get(STATEMENTS, params={"statementId": sent["id"]}).json()["authority"]
    assert by_agent(lrs, authority, related_agents="true", limit=1) == [sent["id"]]
    assert by_agent(lrs, authority) == by_agent(lrs, agent("claimed-authority"), related_agents="true") == []


EVERYTHING = ["parent", "category", "inner-object", "inner-grouping"]


@pytest.mark.parametrize("name", EVERYTHING)
def test_xapi_00177_related_activities_finds_an_activity_in_every_place(
    lrs: httpx.Client, related: dict[str, Any], name: str
) -> None:
    address = activity(name)["id"]
    assert ids(lrs, activity=address, related_activities="true") == [related["id"]]
    assert ids(lrs, activity=address, related_activities="false") == ids(lrs, activity=address) == []


def test_xapi_00177_related_activities_finds_the_object_too(lrs: httpx.Client, stored: Stored) -> None:
    sent = stored(said(thing=activity("the-object-itself")))
    assert ids(lrs, activity=sent["object"]["id"], related_activities="true") == [sent["id"]]


def test_xapi_00178_registration_finds_its_own(lrs: httpx.Client, related: dict[str, Any]) -> None:
    assert ids(lrs, registration=related["context"]["registration"]) == [related["id"]]
    assert ids(lrs, registration=str(uuid4())) == []


def test_xapi_00179_activity_finds_its_own(lrs: httpx.Client, stored: Stored) -> None:
    sent = stored(said(thing=activity("only-this")))
    assert ids(lrs, activity=sent["object"]["id"]) == [sent["id"]]


def test_xapi_00180_verb_finds_its_own(lrs: httpx.Client, stored: Stored) -> None:
    sent = stored(said(verb=f"https://verbs.example/{uuid4()}"))
    assert ids(lrs, verb=sent["verb"]["id"]) == [sent["id"]]


IDENTIFIERS = [
    {"mbox": "mailto:identified@conformance.example"},
    {"mbox_sha1sum": "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"openid": "https://identified.example"},
    {"account": {"homePage": "https://lms.example", "name": "identified one"}},
]


@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=lambda each: next(iter(each)))
def test_xapi_00181_agent_finds_the_actor_by_any_identifier(
    lrs: httpx.Client, stored: Stored, identifier: dict[str, Any]
) -> None:
    sent = stored(said({"name": "Somebody", **identifier}))
    assert by_agent(lrs, {"objectType": "Agent", **identifier}) == [sent["id"]]


def test_2_1_3_s1_agent_finds_it_as_the_object_and_as_a_member_of_a_group(lrs: httpx.Client, stored: Stored) -> None:
    as_object = stored(said(thing=agent("found")))
    as_member = stored(said(group("found", "another")))
    in_object = stored(said(thing=group("found", mbox="mailto:found-group@conformance.example")))
    assert by_agent(lrs, agent("found")) == [in_object["id"], as_member["id"], as_object["id"]]
    whole = {"objectType": "Group", "mbox": "mailto:found-group@conformance.example"}
    assert by_agent(lrs, whole) == [in_object["id"]]


def test_xapi_00164_all_that_is_asked_for_has_to_hold(lrs: httpx.Client, stored: Stored) -> None:
    verb = f"https://verbs.example/{uuid4()}"
    sent = stored(said(agent("both"), verb=verb))
    stored(said(agent("neither"), verb=verb))
    assert by_agent(lrs, agent("both"), verb=verb) == [sent["id"]]


def test_xapi_00182_nothing_is_kept_of_a_request_that_is_refused(lrs: httpx.Client) -> None:
    good, bad = said(), said(verb="no address")
    assert lrs.post(STATEMENTS, json=[good, bad]).status_code == 400
    assert lrs.get(STATEMENTS, params={"statementId": good["id"]}).status_code == 404
