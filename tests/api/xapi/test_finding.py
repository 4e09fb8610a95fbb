"""`GET /xapi/statements`: by id, by what they say, page by page, and only what the asker may see."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.v1.test_events import check_problem
from tests.api.xapi.conftest import Program
from tests.api.xapi.statements import COMPLETED, PLAYED, VIDEO, actor, statement, voiding, watched

PATH = "/xapi/statements"


@pytest.fixture(scope="module")
def sent(program: Program) -> list[dict[str, Any]]:
    """Five statements about ada and ben in their order, and one about nobody known."""
    registration = str(uuid4())
    listed = [
        watched("ada", "0[.]10"),
        statement("ben", context={"registration": registration, "language": "en"}),
        statement("ada", COMPLETED),
        statement("ada", "http://adlnet.gov/expapi/verbs/interacted", "https://videos.example/other"),
        statement("ben", COMPLETED, result={"response": "ü – ✓"}),
        statement("passer-by", "http://adlnet.gov/expapi/verbs/interacted"),
    ]
    for each in listed:
        assert program("head").post(PATH, json=each).is_success
    return listed


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [found["id"] for found in answer.json()["statements"]]


def find(client: httpx.Client, **parameters: Any) -> list[str]:
    return ids(client.get(PATH, params=parameters))


def test_statement_comes_back_as_it_was_sent_with_what_is_filled_in(
    program: Program, sent: list[dict[str, Any]]
) -> None:
    answer = program("ben").get(PATH, params={"statementId": sent[4]["id"].upper()})
    found = answer.json()
    assert {name: found[name] for name in sent[4]} == sent[4]
    assert set(found) - set(sent[4]) == {"stored", "version", "authority"}
    assert datetime.fromisoformat(found["stored"]) <= datetime.fromisoformat(
        answer.headers["X-Experience-API-Consistent-Through"]
    )
    assert answer.headers["Last-Modified"].endswith("GMT")


def test_newest_come_first_unless_they_are_to_ascend(program: Program, sent: list[dict[str, Any]]) -> None:
    expected = [each["id"] for each in sent]
    assert find(program("head"), ascending="true") == expected
    assert find(program("head")) == expected[::-1]


def test_each_filter_finds_its_own(program: Program, sent: list[dict[str, Any]]) -> None:
    names = [each["id"] for each in sent]
    client = program("head")
    assert find(client, agent=json.dumps(actor("ben"))) == [names[4], names[1]]
    assert find(client, verb=COMPLETED) == [names[4], names[2]]
    assert find(client, verb=COMPLETED, agent=json.dumps(actor("ada"))) == [names[2]]
    assert find(client, activity="https://videos.example/other") == [names[3]]
    assert find(client, activity=VIDEO, limit=1) == [names[5]]
    assert find(client, registration=sent[1]["context"]["registration"].upper()) == [names[1]]
    assert find(client, verb="https://nothing.example/") == []


def test_since_is_left_out_and_until_is_not(program: Program, sent: list[dict[str, Any]]) -> None:
    client, names = program("head"), [each["id"] for each in sent]
    third = client.get(PATH, params={"statementId": names[2]}).json()["stored"]
    assert find(client, since=third, ascending="true") == names[3:]
    assert find(client, until=third, ascending="true") == names[:3]
    assert find(client, since=third.replace("Z", "+00:00"), until=third) == []


def test_more_leads_through_all_of_them_once(program: Program, sent: list[dict[str, Any]]) -> None:
    client, found = program("head"), list[str]()
    answer = client.get(PATH, params={"limit": 2, "ascending": "true", "activity": VIDEO, "until": "2100-01-01T00:00Z"})
    while True:
        found += ids(answer)
        if not (more := answer.json()["more"]):
            break
        assert more.startswith("/xapi/statements?")
        answer = client.get(more)
    assert found == [each["id"] for each in sent if each["object"]["id"] == VIDEO]


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("ada", [0, 2, 3]),
        ("ben", [1, 4]),
        ("mother", [0, 2, 3]),
        ("turing", [0, 1, 2, 3, 4]),
        ("head", [0, 1, 2, 3, 4, 5]),
        ("zoe", []),
        ("idle", []),
        ("childless", []),
        ("nobody", []),
    ],
)
def test_everyone_sees_the_statements_of_those_whom_they_may_see(
    program: Program, sent: list[dict[str, Any]], person: str, expected: list[int]
) -> None:
    client = program(person)
    assert find(client, ascending="true") == [sent[place]["id"] for place in expected]
    assert find(client, agent=json.dumps(actor("ben"))) == [sent[p]["id"] for p in (4, 1) if p in expected]
    for place, each in enumerate(sent):
        answer = client.get(PATH, params={"statementId": each["id"]})
        assert answer.status_code == (200 if place in expected else 404)


def test_what_may_not_be_seen_and_what_is_not_there_look_alike(program: Program, sent: list[dict[str, Any]]) -> None:
    answers = [program("zoe").get(PATH, params={"statementId": each}) for each in (sent[0]["id"], str(uuid4()))]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].text == answers[1].text


def test_cursor_of_another_person_shows_only_what_is_ones_own(program: Program, sent: list[dict[str, Any]]) -> None:
    more = program("head").get(PATH, params={"limit": 1}).json()["more"]
    assert ids(program("ada").get(more)) == [sent[3]["id"]]


def test_formats_cut_down_to_ids_or_one_language(program: Program) -> None:
    name = {"en-GB": "The film", "de": "Der Film"}
    told = statement("ada") | {"verb": {"id": PLAYED, "display": {"en": "played"}}}
    told["object"] = {"id": VIDEO, "definition": {"name": name}}
    told["actor"] = {**actor("ada"), "name": "Ada"}
    client = program("head")
    assert client.post(PATH, json=told).is_success
    exact, cut = (
        client.get(PATH, params={"statementId": told["id"], "format": each}).json() for each in ("exact", "ids")
    )
    assert (exact["actor"], exact["object"]) == (told["actor"], told["object"])
    assert (cut["actor"], cut["verb"], cut["object"]) == (actor("ada"), {"id": PLAYED}, {"id": VIDEO})
    canonical = client.get(
        PATH, params={"statementId": told["id"], "format": "canonical"}, headers={"Accept-Language": "de-DE, de;q=0.9"}
    ).json()
    assert canonical["object"]["definition"]["name"] == {"de": "Der Film"}


@pytest.mark.parametrize(
    "parameters",
    [
        {"statementId": "x"},
        {"statementId": str(uuid4()), "verb": PLAYED},
        {"statementId": str(uuid4()), "voidedStatementId": str(uuid4())},
        {"agent": "{"},
        {"agent": "{}"},
        {"agent": '{"mbox": 1}'},
        {"agent": '{"objectType": "Group", "member": [{"mbox": "mailto:a@b.example"}]}'},
        {"verb": "played"},
        {"activity": "film"},
        {"registration": "1"},
        {"since": "yesterday"},
        {"until": "2026-13-01T00:00:00Z"},
        {"limit": "-1"},
        {"limit": "many"},
        {"ascending": "yes"},
        {"format": "short"},
        {"attachments": "1"},
        {"related_agents": "1"},
        {"related_activities": "True"},
        {"cursor": "nowhere"},
        {"cursor": "e30"},
        {"cursor": "ü"},
        {"cursor": "e30", "limit": "1"},
        {"unknown": "1"},
    ],
)
def test_impossible_questions_are_refused_in_words(program: Program, parameters: dict[str, str]) -> None:
    check_problem(program("ada").get(PATH, params=parameters), 400)


def test_head_is_get_without_the_body(program: Program, sent: list[dict[str, Any]]) -> None:
    answer = program("head").head(PATH, params={"statementId": sent[0]["id"]})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert program("head").head(PATH, params={"statementId": str(uuid4())}).status_code == 404


def test_voided_statement_is_found_by_its_own_question_only(program: Program) -> None:
    told, client = statement("ada"), program("head")
    assert client.post(PATH, json=told).is_success
    assert client.get(PATH, params={"voidedStatementId": told["id"]}).status_code == 404
    void = voiding("head", told["id"])
    assert client.post(PATH, json=void).is_success
    assert client.get(PATH, params={"statementId": told["id"]}).status_code == 404
    assert client.get(PATH, params={"voidedStatementId": told["id"]}).json()["id"] == told["id"]
    assert told["id"] not in find(client)
    assert void["id"] in find(client)
    check_problem(client.post(PATH, json=voiding("head", void["id"])), 400)


def test_statement_voided_before_it_came_is_voided_when_it_comes(program: Program) -> None:
    told, client = statement("ada"), program("head")
    assert client.post(PATH, json=voiding("head", told["id"])).is_success
    assert client.post(PATH, json=told).is_success
    assert client.get(PATH, params={"statementId": told["id"]}).status_code == 404


def test_only_who_sent_a_statement_voids_it(program: Program) -> None:
    told = statement("ada")
    assert program("head").post(PATH, json=told).is_success
    check_problem(program("ada").post(PATH, json=voiding("ada", told["id"])), 403)
    own = statement("ada")
    assert program("ada").post(PATH, json=own).is_success
    assert program("ada").post(PATH, json=voiding("ada", own["id"])).is_success
    assert program("ada").get(PATH, params={"voidedStatementId": own["id"]}).status_code == 200
