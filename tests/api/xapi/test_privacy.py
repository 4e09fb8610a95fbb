"""Nobody is given another person's name in a statement, nor told that one exists which they may not see."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.xapi.conftest import Program
from tests.api.xapi.statements import COMPLETED, VIDEO, actor, statement, voiding

PATH = "/xapi/statements"
OTHERS = ("turing", "ben", "zoe", "head", "stranger", "Tea Stranger", "Ben Secret", "Al Turing")
FORMATS = ("exact", "ids", "canonical")


def named(name: str, called: str) -> dict[str, Any]:
    return {**actor(name), "name": called}


def crowded(hidden_id: str) -> dict[str, Any]:
    """A statement about Ada in which everybody else is named wherever the specification has a place for someone."""
    group = {"objectType": "Group", "name": "Table 3", "member": [named("ben", "Ben Secret"), named("ada", "Ada")]}
    strangers = {"objectType": "Group", "member": [{"mbox": "mailto:stranger@school.example", "name": "Tea Stranger"}]}
    return statement(
        "ada",
        "http://adlnet.gov/expapi/verbs/commented",
        context={
            "instructor": named("turing", "Al Turing"),
            "team": group,
            "statement": {"objectType": "StatementRef", "id": hidden_id},
            "contextActivities": {"parent": [{"id": VIDEO}]},
            "extensions": {
                "https://e.example/helpers": [named("zoe", "Zoe"), "a word"],
                "https://e.example/marker": {"mbox": "mailto:turing@school.example"},
                "https://e.example/table": strangers,
            },
        },
        object={
            "objectType": "SubStatement",
            "actor": named("ben", "Ben Secret"),
            "verb": {"id": COMPLETED},
            "object": strangers,
            "context": {"instructor": named("head", "The Head"), "contextActivities": {"grouping": {"id": VIDEO}}},
        },
    )


@pytest.fixture(scope="module")
def hidden(program: Program) -> dict[str, Any]:
    """A statement about Ben, sent by the school's program."""
    sent = statement("ben", context={"instructor": named("turing", "Al Turing")})
    assert program("head").post(PATH, json=sent).is_success
    return sent


@pytest.fixture(scope="module")
def crowd(program: Program, hidden: dict[str, Any]) -> dict[str, Any]:
    sent = crowded(hidden["id"])
    assert program("head").post(PATH, json=sent).is_success
    return sent


def given_out(client: httpx.Client, statement_id: str) -> Iterator[dict[str, Any]]:
    """The statement alone and among others, in every format."""
    for form in FORMATS:
        yield client.get(PATH, params={"statementId": statement_id, "format": form}).json()
        listed = client.get(PATH, params={"format": form}).json()["statements"]
        yield next(found for found in listed if found["id"] == statement_id)


@pytest.mark.parametrize("reader", ["ada", "mother"])
def test_a_student_and_a_parent_are_given_nobody_elses_name(
    program: Program, crowd: dict[str, Any], hidden: dict[str, Any], reader: str
) -> None:
    for found in given_out(program(reader), crowd["id"]):
        text = json.dumps(found)
        assert [name for name in (*OTHERS, hidden["id"]) if name in text] == []
        assert found["actor"]["account"] == actor("ada")["account"]
        assert not {"instructor", "statement"} & found["context"].keys()
        assert [member["account"]["name"] for member in found["context"]["team"]["member"]] == ["ada"]
        assert found["object"]["objectType"] == "SubStatement"
        assert found["object"]["verb"] == {"id": COMPLETED}
        assert found["context"]["extensions"]["https://e.example/helpers"] == ["a word"]
        assert found["authority"]["account"]["name"] == "withheld"


def test_a_teacher_is_given_the_learners_of_the_class_and_their_own_name(
    program: Program, crowd: dict[str, Any], hidden: dict[str, Any]
) -> None:
    for found in given_out(program("turing"), crowd["id"]):
        assert found["context"]["instructor"]["account"]["name"] == "turing"
        assert len(found["context"]["team"]["member"]) == 2
        assert found["context"]["statement"]["id"] == hidden["id"]
        assert found["object"]["actor"]["account"]["name"] == "ben"
        assert [name for name in ("zoe", "head", "The Head", "stranger") if name in json.dumps(found)] == []


def test_an_administrator_is_given_all_that_was_sent(program: Program, crowd: dict[str, Any]) -> None:
    found = program("head").get(PATH, params={"statementId": crowd["id"]}).json()
    crowd["object"]["context"]["contextActivities"]["grouping"] = [{"id": VIDEO}]
    assert {name: found[name] for name in crowd} == crowd


@pytest.mark.parametrize("reader", ["nobody", "idle", "zoe", "childless"])
def test_who_may_see_none_of_the_learners_is_given_no_statement(
    program: Program, crowd: dict[str, Any], hidden: dict[str, Any], reader: str
) -> None:
    assert program(reader).get(PATH).json()["statements"] == []
    answers = [
        program(reader).get(PATH, params={"statementId": each}) for each in (crowd["id"], hidden["id"], str(uuid4()))
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}


def test_own_authority_is_given_and_that_of_others_is_not(program: Program) -> None:
    by_ada, by_head = statement("ada"), statement("ada")
    assert program("ada").post(PATH, json=by_ada).is_success
    assert program("head").post(PATH, json=by_head).is_success
    authority = {
        sent["id"]: program("ada").get(PATH, params={"statementId": sent["id"]}).json()["authority"]["account"]["name"]
        for sent in (by_ada, by_head)
    }
    assert authority[by_head["id"]] == "withheld"
    assert authority[by_ada["id"]].isdecimal()


def test_an_id_that_a_hidden_statement_has_is_as_free_as_any_other(program: Program, hidden: dict[str, Any]) -> None:
    """Ada sends about herself under the id of a statement about Ben: nothing tells her that there is one."""
    own = statement("ada", COMPLETED) | {"id": hidden["id"]}
    free = statement("ada", COMPLETED)
    client = program("ada")
    for send in (lambda sent: client.post(PATH, json=sent), lambda sent: _put(client, sent)):
        first, second = send(own), send(free)
        assert (first.status_code, first.text.replace(own["id"], "")) == (
            second.status_code,
            second.text.replace(free["id"], ""),
        )
    changed = [_put(client, {**sent, "timestamp": "2026-03-02T09:31:00Z"}) for sent in (own, free)]
    assert {answer.status_code for answer in changed} == {409}
    assert client.get(PATH, params={"statementId": own["id"]}).json()["verb"]["id"] == COMPLETED
    assert program("ben").get(PATH, params={"statementId": own["id"]}).json()["actor"] == actor("ben")
    assert program("head").get(PATH, params={"statementId": own["id"]}).json()["actor"] == actor("ben")


def test_the_very_statement_that_is_hidden_is_refused_as_one_about_a_stranger(
    program: Program, hidden: dict[str, Any]
) -> None:
    for sender in ("zoe", "nobody", "mother", "idle"):
        refusals = [
            program(sender).post(PATH, json=each) for each in (hidden, statement("ben"), statement("nobody-at-all"))
        ]
        assert {(answer.status_code, answer.text) for answer in refusals} == {(403, refusals[0].text)}


def test_voiding_a_hidden_statement_and_an_unknown_one_look_alike(program: Program) -> None:
    of_ben = statement("ben")
    assert program("head").post(PATH, json=of_ben).is_success
    answers = [program("ada").post(PATH, json=voiding("ada", each)) for each in (of_ben["id"], str(uuid4()))]
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, answers[0].text)}
    assert program("ben").get(PATH, params={"statementId": of_ben["id"]}).status_code == 200


def _put(client: httpx.Client, sent: dict[str, Any]) -> httpx.Response:
    return client.put(PATH, params={"statementId": sent["id"]}, json=sent)
