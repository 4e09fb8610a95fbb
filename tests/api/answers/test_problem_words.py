"""What is wrong with a request, in words that its sender can act on and at the place where it is."""

import httpx
import pytest

from tests.api.conftest import SignedIn
from tests.api.school import School

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status", "pointer", "words"),
    [
        (b"{", 422, "#", "This is no JSON, from character 1 on: Expecting property name enclosed in double quotes."),
        (b"", 422, "#", "A body is needed."),
        (b"3", 422, "#", "This must be an object."),
        (b'[{"source": "lms", "sauce": 1}]', 422, "#/0/sauce", "Nothing of this name is taken here."),
        (b"[{}]", 422, "#/0/source", "This is needed."),
        (b"[" * 100_000, 400, None, "The body cannot be read: it is nested too deeply."),
        (b'{"source": "\xff"}', 400, None, "The body cannot be read: it is not UTF-8."),
    ],
)
def test_a_body_that_cannot_be_taken_is_told_where_and_why(
    signed_in: SignedIn, body: bytes, status: int, pointer: str | None, words: str
) -> None:
    answer = signed_in("ada").post("/api/v1/events", content=body, headers=JSON)
    assert answer.status_code == status
    told = answer.json()
    found = (
        {wrong["pointer"]: wrong["detail"] for wrong in told["errors"]} if "errors" in told else {None: told["detail"]}
    )
    assert found[pointer] == words


def test_words_of_our_own_checks_stand_alone(signed_in: SignedIn, school: School) -> None:
    answer = signed_in("head").get(
        "/xapi/statements", params={"verb": "x"}, headers={"X-Experience-API-Version": "1.0.3"}
    )
    assert answer.json()["detail"] == "verb: This must be an IRI, such as https://example.org/activities/1."


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/users/{ada}/changes?since=zzz", "since"),
        ("/users/{ada}/achievements?cursor=zzz", "cursor"),
        ("/exports/course_summary?learner_id=4", "learner_id"),
    ],
)
def test_a_wrong_parameter_is_named_whoever_finds_it(
    signed_in: SignedIn, school: School, path: str, parameter: str
) -> None:
    answer = signed_in("head").get(f"/api/v1{path.format(ada=school.people['ada'])}")
    assert answer.status_code == 422
    assert answer.json()["detail"] == "The request does not fit."
    assert [wrong["pointer"] for wrong in answer.json()["errors"]] == [parameter]


def test_an_answer_to_a_change_says_that_nothing_was_stored(signed_in: SignedIn) -> None:
    answer: httpx.Response = signed_in("ada").post("/api/v1/events", json=[], headers=JSON)
    assert answer.json()["detail"] == "The request does not fit; nothing of it was stored."
