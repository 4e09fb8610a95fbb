"""What is known of people and activities is told to those who may know it; others hear what they said themselves."""

import json
from typing import Any

import pytest

from tests.api.school import School
from tests.api.xapi.conftest import Program
from tests.api.xapi.statements import actor, statement

AGENTS, ACTIVITIES = "/xapi/agents", "/xapi/activities"
SECRET = {"id": "https://things.example/secret", "definition": {"name": {"en": "About Ada"}}}


def person(program: Program, reader: str, who: dict[str, Any]) -> Any:
    return program(reader).get(AGENTS, params={"agent": json.dumps(who)}).json()


@pytest.mark.parametrize("reader", ["ada", "mother", "turing", "head"])
def test_who_sees_a_learner_is_given_her_names(program: Program, reader: str) -> None:
    assert person(program, reader, actor("ada"))["mbox"] == ["mailto:ada@school.example"]


@pytest.mark.parametrize("stranger", ["ben", "zoe", "idle", "childless", "nobody", "tutor"])
def test_others_are_not_told_whether_there_is_such_a_person(program: Program, stranger: str) -> None:
    for asked in (actor("ada"), {"mbox": "mailto:ada@school.example"}, actor("does-not-exist")):
        identifier = {name: [value] for name, value in asked.items() if name != "objectType"}
        assert person(program, stranger, asked) == {"objectType": "Person", **identifier}


def test_everyone_is_given_their_own_names(program: Program, school: School) -> None:
    for name in ("turing", "mother", "nobody"):
        assert person(program, name, actor(name))["name"] == [name.title()]


def test_what_is_said_of_an_activity_is_told_to_who_sees_a_statement_that_says_it(program: Program) -> None:
    sent = statement("ada", "https://verbs.example/asked", object=SECRET)
    assert program("head").post("/xapi/statements", json=sent).status_code == 200
    for reader, definition in (
        *((reader, SECRET["definition"]) for reader in ("ada", "mother", "turing", "head")),
        *((stranger, None) for stranger in ("ben", "zoe", "idle", "childless", "nobody")),
    ):
        found = program(reader).get(ACTIVITIES, params={"activityId": SECRET["id"]}).json()
        assert found.get("definition") == definition
