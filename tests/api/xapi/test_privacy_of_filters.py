"""No filter finds a statement by what its reader is not given of it."""

import json
from typing import Any

import pytest

from tests.api.xapi.conftest import Program
from tests.api.xapi.statements import actor, statement
from tests.api.xapi.test_privacy import PATH, crowded, named

ASKED = "https://verbs.example/asked"
REMARKED = "https://verbs.example/remarked"


@pytest.fixture(scope="module")
def crowd(program: Program) -> dict[str, Any]:
    """A statement about Ada that names everybody, also as members and in its object."""
    sent = crowded("9dc99b37-e920-4a68-a066-917faca28949")
    assert program("head").post(PATH, json=sent).is_success
    return sent


def found(program: Program, reader: str, **parameters: str) -> list[str]:
    answer = program(reader).get(PATH, params=parameters)
    assert answer.status_code == 200
    return [each["id"] for each in answer.json()["statements"]]


@pytest.mark.parametrize("name", ["turing", "zoe", "ben", "head"])
@pytest.mark.parametrize("reader", ["ada", "mother"])
def test_who_is_left_out_of_a_statement_does_not_find_it_either(
    program: Program, crowd: dict[str, Any], reader: str, name: str
) -> None:
    assert found(program, reader, agent=json.dumps(actor(name)), related_agents="true") == []


def test_who_may_know_of_them_finds_it_by_them(program: Program, crowd: dict[str, Any]) -> None:
    for reader, name in (("turing", "ben"), ("turing", "turing"), ("head", "turing"), ("head", "head")):
        assert crowd["id"] in found(program, reader, agent=json.dumps(actor(name)), related_agents="true")


def test_a_senders_number_finds_nothing_for_those_who_may_not_know_who_sent_it(
    program: Program, crowd: dict[str, Any]
) -> None:
    head = program("head").get(PATH, params={"statementId": crowd["id"]}).json()["authority"]
    broadly = {"agent": json.dumps(head), "related_agents": "true"}
    assert crowd["id"] in found(program, "head", **broadly)
    assert found(program, "ada", **broadly) == []


def test_an_object_who_is_left_out_is_not_found_by_the_plain_filter(program: Program) -> None:
    sent = statement("ada", ASKED, object={**named("ben", "Ben Secret"), "objectType": "Agent"})
    assert program("head").post(PATH, json=sent).is_success
    assert found(program, "ada", verb=ASKED) == [sent["id"]]
    assert found(program, "ada", verb=ASKED, agent=json.dumps(actor("ben"))) == []
    assert found(program, "turing", verb=ASKED, agent=json.dumps(actor("ben"))) == [sent["id"]]


def test_a_statement_is_not_found_by_a_hidden_one_that_it_targets(program: Program) -> None:
    """By finding it one would learn what the hidden one says, also where another lies between them."""
    hidden = statement("ben", "https://verbs.example/hidden")
    between = statement("ada", REMARKED, object={"objectType": "StatementRef", "id": hidden["id"]})
    outer = statement("ada", REMARKED, object={"objectType": "StatementRef", "id": between["id"]})
    through_ben = statement("ben", REMARKED, object={"objectType": "StatementRef", "id": outer["id"]})
    last = statement("ada", REMARKED, object={"objectType": "StatementRef", "id": through_ben["id"]})
    assert program("head").post(PATH, json=[hidden, between, outer, through_ben, last]).is_success
    everything = [each["id"] for each in (last, through_ben, outer, between, hidden)]
    assert found(program, "head", verb=hidden["verb"]["id"]) == everything
    assert found(program, "ada", verb=hidden["verb"]["id"]) == []
    assert found(program, "ada", verb=REMARKED) == [last["id"], outer["id"], between["id"]]
