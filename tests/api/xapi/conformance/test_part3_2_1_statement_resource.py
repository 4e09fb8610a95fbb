"""Part three, 2.1 statement resource: storing statements, single ones, and those that target others."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.xapi.conformance.parts import STATEMENTS, activity, agent, by_agent, ids, reference, said
from tests.api.xapi.statements import VOIDED

Stored = Callable[[dict[str, Any]], dict[str, Any]]
THROUGH = "X-Experience-API-Consistent-Through"


def test_xapi_00139_there_is_a_statement_resource(lrs: httpx.Client) -> None:
    assert lrs.get(STATEMENTS).status_code == 200


def test_xapi_00142_a_statement_is_never_changed_by_another_of_its_id(lrs: httpx.Client, stored: Stored) -> None:
    first = stored(said(agent("first")))
    other = {**said(agent("other")), "id": first["id"]}
    assert lrs.post(STATEMENTS, json=other).status_code == 409
    assert lrs.put(STATEMENTS, params={"statementId": first["id"]}, json=other).status_code == 409
    assert lrs.get(STATEMENTS, params={"statementId": first["id"]}).json()["actor"] == first["actor"]


def test_xapi_00143_put_answers_204(lrs: httpx.Client) -> None:
    sent = said()
    answer = lrs.put(STATEMENTS, params={"statementId": sent["id"]}, json=sent)
    assert (answer.status_code, answer.content) == (204, b"")


def test_xapi_00144_put_takes_the_id_from_its_parameter(lrs: httpx.Client) -> None:
    sent, number = said(), str(uuid4())
    del sent["id"]
    assert lrs.put(STATEMENTS, params={"statementId": number}, json=sent).status_code == 204
    assert lrs.get(STATEMENTS, params={"statementId": number}).json()["id"] == number


def test_xapi_00145_put_without_an_id_is_refused(lrs: httpx.Client) -> None:
    assert lrs.put(STATEMENTS, json=said()).status_code == 400
    assert lrs.put(STATEMENTS, params={"statementId": "true"}, json=said()).status_code == 400


def test_xapi_00146_post_answers_the_ids_in_their_order(lrs: httpx.Client) -> None:
    sent = [said(agent(str(number))) for number in range(3)]
    answer = lrs.post(STATEMENTS, json=sent)
    assert (answer.status_code, answer.json()) == (200, [each["id"] for each in sent])


def test_xapi_00147_post_takes_a_statement_without_an_id(lrs: httpx.Client) -> None:
    sent = said()
    del sent["id"]
    (number,) = lrs.post(STATEMENTS, json=sent).json()
    assert lrs.get(STATEMENTS, params={"statementId": number}).status_code == 200


def test_2_1_2_s2_b6_a_batch_with_the_same_id_twice_is_refused(lrs: httpx.Client) -> None:
    sent = said()
    assert lrs.post(STATEMENTS, json=[sent, sent]).status_code == 400
    assert lrs.get(STATEMENTS, params={"statementId": sent["id"]}).status_code == 404


def test_xapi_00149_nothing_found_is_an_empty_list(lrs: httpx.Client) -> None:
    answer = lrs.get(STATEMENTS, params={"verb": "https://verbs.example/never"})
    assert (answer.status_code, answer.json()) == (200, {"statements": [], "more": ""})


OTHERS = {
    "agent": json.dumps(agent("someone")),
    "verb": "https://verbs.example/asked",
    "activity": "https://things.example/question",
    "registration": str(uuid4()),
    "related_activities": "true",
    "related_agents": "true",
    "since": "2026-01-01T00:00:00Z",
    "until": "2026-01-01T00:00:00Z",
    "limit": "1",
    "ascending": "true",
}


@pytest.mark.parametrize("other", OTHERS)
def test_xapi_00150_voided_statement_id_stands_alone(lrs: httpx.Client, other: str) -> None:
    parameters = {"voidedStatementId": str(uuid4()), other: OTHERS[other]}
    assert lrs.get(STATEMENTS, params=parameters).status_code == 400


@pytest.mark.parametrize("other", [*OTHERS, "voidedStatementId"])
def test_xapi_00151_statement_id_stands_alone(lrs: httpx.Client, stored: Stored, other: str) -> None:
    sent = stored(said())
    parameters = {"statementId": sent["id"], other: OTHERS.get(other, sent["id"])}
    assert lrs.get(STATEMENTS, params=parameters).status_code == 400


def test_xapi_00150_and_00151_but_for_format_and_attachments(lrs: httpx.Client, stored: Stored) -> None:
    sent = stored(said())
    for more in ({"format": "ids"}, {"attachments": "false"}, {"format": "canonical", "attachments": "false"}):
        assert lrs.get(STATEMENTS, params={"statementId": sent["id"], **more}).status_code == 200


def test_xapi_00152_no_answer_has_a_statement_stored_after_the_time_of_consistency(
    lrs: httpx.Client, stored: Stored
) -> None:
    stored(said())
    answer = lrs.get(STATEMENTS, params={"limit": 5})
    through = datetime.fromisoformat(answer.headers[THROUGH])
    assert all(datetime.fromisoformat(each["stored"]) <= through for each in answer.json()["statements"])


@pytest.mark.parametrize("parameters", [{}, {"limit": "x"}, {"statementId": str(uuid4())}, {"format": "ids"}])
def test_xapi_00153_and_00160_every_answer_has_the_time_of_consistency(
    lrs: httpx.Client, parameters: dict[str, str]
) -> None:
    assert datetime.fromisoformat(lrs.get(STATEMENTS, params=parameters).headers[THROUGH]).tzinfo is not None


def test_xapi_00154_without_an_id_the_answer_is_a_result(lrs: httpx.Client) -> None:
    assert set(lrs.get(STATEMENTS).json()) == {"statements", "more"}


def test_xapi_00155_and_00157_a_voided_statement_is_given_by_its_id(lrs: httpx.Client, stored: Stored) -> None:
    voided = stored(said())
    stored(said(thing=reference(voided["id"]), verb=VOIDED))
    answer = lrs.get(STATEMENTS, params={"voidedStatementId": voided["id"]})
    assert (answer.status_code, answer.json()["id"]) == (200, voided["id"])


def test_xapi_00156_and_00158_a_statement_is_given_by_its_id(lrs: httpx.Client, stored: Stored) -> None:
    sent = stored(said())
    answer = lrs.get(STATEMENTS, params={"statementId": sent["id"]})
    assert (answer.status_code, answer.json()["id"]) == (200, sent["id"])


def test_2_1_3_s2_b8_last_modified_is_when_it_was_stored(lrs: httpx.Client, stored: Stored) -> None:
    answer = lrs.get(STATEMENTS, params={"statementId": stored(said())["id"]})
    moment = datetime.fromisoformat(answer.json()["stored"])
    assert answer.headers["last-modified"] == moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def test_xapi_00162_what_targets_a_voided_statement_is_found_and_the_voided_one_is_not(
    lrs: httpx.Client, stored: Stored
) -> None:
    verb = f"https://verbs.example/{uuid4()}"
    voided = stored(said(verb=verb))
    remark = stored(said(thing=reference(voided["id"])))
    voiding = stored(said(thing=reference(voided["id"]), verb=VOIDED))
    assert ids(lrs, verb=verb) == [voiding["id"], remark["id"]]


def test_xapi_00163_a_voided_statement_is_given_by_that_parameter_alone(lrs: httpx.Client, stored: Stored) -> None:
    voided = stored(said(agent("voided-one")))
    assert lrs.get(STATEMENTS, params={"voidedStatementId": voided["id"]}).status_code == 404
    stored(said(thing=reference(voided["id"]), verb=VOIDED))
    assert lrs.get(STATEMENTS, params={"statementId": voided["id"]}).status_code == 404
    assert voided["id"] not in by_agent(lrs, voided["actor"])


def test_2_1_3_s3_targets_are_followed_through_several_statements(lrs: httpx.Client, stored: Stored) -> None:
    verb = f"https://verbs.example/{uuid4()}"
    target = stored(said(agent("deepest"), activity("deepest"), verb))
    middle = stored(said(agent("middle"), reference(target["id"])))
    outer = stored(said(agent("outer"), reference(middle["id"])))
    found = [outer["id"], middle["id"], target["id"]]
    assert ids(lrs, verb=verb) == found
    assert ids(lrs, verb=verb, ascending="true", limit=2) == found[:0:-1]
    assert by_agent(lrs, agent("deepest"))[:3] == found
    assert by_agent(lrs, agent("middle"), verb=verb) == []  # one statement has to meet all of it


def test_2_1_3_s3_time_is_that_of_the_statement_that_targets(lrs: httpx.Client, stored: Stored) -> None:
    verb = f"https://verbs.example/{uuid4()}"
    target = stored(said(verb=verb))
    since = lrs.get(STATEMENTS, params={"statementId": target["id"]}).json()["stored"]
    outer = stored(said(thing=reference(target["id"])))
    assert ids(lrs, verb=verb, since=since) == [outer["id"]]


def test_2_1_3_s3_pages_of_what_targets_hold_each_statement_once(lrs: httpx.Client, stored: Stored) -> None:
    verb = f"https://verbs.example/{uuid4()}"
    sent = [stored(said(verb=verb)) for _ in range(3)]
    sent += [stored(said(thing=reference(each["id"]))) for each in sent]
    found, address = list[str](), f"{STATEMENTS}?verb={verb}&limit=2"
    while address:
        page = lrs.get(address).json()
        found, address = [*found, *(each["id"] for each in page["statements"])], page["more"]
    assert found == [each["id"] for each in reversed(sent)]
