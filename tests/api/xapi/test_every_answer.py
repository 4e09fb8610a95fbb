"""What stands on every answer: until when statements can be found; and what was passed over in those that were sent."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from data.record import Record
from progress.xapi.record.storing import lock_statements
from tests.api.v1.test_events import check_problem
from tests.api.xapi.conftest import HEADERS, Program
from tests.api.xapi.statements import COMPLETED, EXTENSIONS, VIDEO, statement

PATH = "/xapi/statements"


def through(answer: httpx.Response) -> datetime:
    return datetime.fromisoformat(answer.headers["X-Experience-API-Consistent-Through"])


def test_every_answer_says_until_when_statements_can_be_found(program: Program, running_app: str) -> None:
    client, sent = program("head"), statement("ada")
    stranger = httpx.Client(base_url=running_app, headers=HEADERS)
    answers = [
        client.post(PATH, json=sent),
        client.put(PATH, params={"statementId": sent["id"]}, json=sent),
        client.put(PATH, params={"statementId": sent["id"]}, json={**sent, "verb": {"id": COMPLETED}}),
        client.get(PATH, params={"statementId": sent["id"]}),
        client.get(PATH, params={"statementId": str(uuid4())}),
        client.get(PATH),
        client.head(PATH),
        client.get(PATH, params={"limit": "many"}),
        client.post(PATH, json="text"),
        client.delete(PATH),
        program("nobody").get(PATH),
        stranger.get(PATH),
        stranger.get("/xapi/about"),
        stranger.get("/xapi/nowhere"),
    ]
    statuses = [200, 204, 409, 200, 404, 200, 200, 400, 400, 405, 200, 401, 200, 404]
    assert [answer.status_code for answer in answers] == statuses
    now = datetime.now(UTC)
    assert all(now - timedelta(minutes=1) < through(answer) <= now for answer in answers)


def test_it_moves_with_the_clock_while_nothing_is_being_stored(program: Program) -> None:
    first = through(program("head").get(PATH))
    time.sleep(0.05)
    assert through(program("head").get(PATH)) >= first + timedelta(seconds=0.05)


def test_it_stands_still_while_something_is_being_stored_and_tells_strangers_nothing(
    program: Program, served_record: Record
) -> None:
    head, ada, nobody = (program(name) for name in ("head", "ada", "nobody"))
    for client in (ada, nobody):
        client.get(PATH)
    before = through(head.get(PATH))
    with served_record.writing() as tx:
        lock_statements(tx)
        begun = datetime.now(UTC)
        assert before <= through(head.get(PATH)) <= begun
        assert through(ada.get(PATH)) <= begun
        assert through(nobody.get(PATH)) > begun
    assert through(head.get(PATH)) > begun


REVERSED = {f"{EXTENSIONS}/played-segments": "0[.]60[,]60[.]59\r\nX-Evil: 1", f"{EXTENSIONS}/time": "ten"}


def test_an_answer_says_what_was_passed_over_and_the_completion_counts(program: Program) -> None:
    dirty = statement("ada", COMPLETED, result={"extensions": REVERSED})
    clean = statement("ben")
    answer = program("head").post(PATH, json=[dirty, clean])
    assert answer.json() == [dirty["id"], clean["id"]]
    said = answer.headers["X-Waymark-Passed-Over"]
    assert said.startswith(f'{dirty["id"]}: The played segments "60[.]59??X-Evil: 1" do not run')
    assert "X-Evil" not in answer.headers
    assert "X-Waymark-Passed-Over" not in program("head").post(PATH, json=statement("ben")).headers
    own = statement("ada", COMPLETED, result={"extensions": {f"{EXTENSIONS}/time": -1}})
    put = program("ada").put(PATH, params={"statementId": own["id"]}, json=own)
    assert "position -1" in put.headers["X-Waymark-Passed-Over"]


def test_of_a_batch_with_an_impossible_time_nothing_is_stored_and_the_statement_is_named(program: Program) -> None:
    """The specification takes in all statements of a request or none; events and files refuse the one alone."""
    good, old = statement("ada"), {**statement("ada"), "timestamp": "1989-12-31T23:59:59Z"}
    told = check_problem(program("head").post(PATH, json=[good, old]), 400)
    assert told["detail"] == "1: The date is too long ago to be right. Nothing was stored."
    assert program("head").get(PATH, params={"statementId": good["id"]}).status_code == 404


@pytest.mark.parametrize("verb", ["attempted", "answered"])
def test_a_learners_own_word_gives_no_score_and_is_taken_in(program: Program, verb: str) -> None:
    own: dict[str, Any] = {"result": {"score": {"scaled": 1}}}
    sent = statement("ada", f"http://adlnet.gov/expapi/verbs/{verb}", f"{VIDEO}/quiz", **own)
    assert program("ada").post(PATH, json=sent).status_code == 200
