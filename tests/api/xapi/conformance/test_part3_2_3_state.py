"""Part three, 2.3 state resource: what is kept of an agent in an activity, by registration."""

from uuid import uuid4

import httpx
import pytest

from tests.api.xapi.conformance.documents import JSON, STATE, an_agent, write

PATH = STATE.path


def test_xapi_00188_to_00192_a_state_is_written_read_and_removed(lrs: httpx.Client) -> None:
    document = STATE.named()
    assert write(lrs, PATH, document, {"page": 1}) == write(lrs, PATH, document, {"page": 2}) == 204
    assert lrs.get(PATH, params=document).json() == {"page": 2}
    assert lrs.delete(PATH, params=document).status_code == 204


def test_2_3_s1_states_of_another_agent_are_others(lrs: httpx.Client) -> None:
    document = STATE.named()
    write(lrs, PATH, document, {})
    assert lrs.get(PATH, params={**document, "agent": an_agent()}).status_code == 404


def test_xapi_00218_00220_and_00227_a_registration_has_states_of_its_own(lrs: httpx.Client) -> None:
    document = STATE.named()
    registered = {**document, "registration": str(uuid4())}
    assert write(lrs, PATH, registered, {"of": "registration"}, "POST") == 204
    assert lrs.get(PATH, params=document).status_code == 404
    assert write(lrs, PATH, document, {"of": "none"}) == 204
    assert lrs.get(PATH, params=registered).json() == {"of": "registration"}
    assert lrs.get(PATH, params={**document, "registration": str(uuid4())}).status_code == 404


def test_xapi_00193_ids_are_those_of_the_registration_or_of_all(lrs: httpx.Client) -> None:
    context, registration = STATE.context(), str(uuid4())
    write(lrs, PATH, {**context, "stateId": "plain"}, {})
    for name in ("plain", "registered"):
        write(lrs, PATH, {**context, "registration": registration, "stateId": name}, {})
    assert lrs.get(PATH, params={**context, "registration": registration}).json() == ["plain", "registered"]
    assert lrs.get(PATH, params=context).json() == ["plain", "registered"]


def test_xapi_00194_and_00219_delete_without_an_id_removes_all_of_the_registration_or_all(lrs: httpx.Client) -> None:
    context, registration = STATE.context(), str(uuid4())
    for more in ({}, {"registration": registration}, {"registration": str(uuid4())}):
        write(lrs, PATH, {**context, **more, "stateId": "bookmark"}, {})
    assert lrs.delete(PATH, params={**context, "registration": registration}).status_code == 204
    assert lrs.get(PATH, params={**context, "registration": registration}).json() == []
    assert lrs.get(PATH, params=context).json() == ["bookmark"]
    assert lrs.delete(PATH, params=context).status_code == 204
    assert lrs.get(PATH, params=context).json() == []


def test_xapi_00223_delete_takes_since(lrs: httpx.Client) -> None:
    context = STATE.context()
    write(lrs, PATH, {**context, "stateId": "bookmark"}, {})
    assert lrs.delete(PATH, params={**context, "since": "2090-01-01T00:00:00Z"}).status_code == 204
    assert lrs.get(PATH, params=context).json() == ["bookmark"]
    assert lrs.delete(PATH, params={**context, "since": "2020-01-01T00:00:00Z"}).status_code == 204
    assert lrs.get(PATH, params=context).json() == []


def test_xapi_00205_since_of_a_delete_is_a_time(lrs: httpx.Client) -> None:
    assert lrs.delete(PATH, params={**STATE.context(), "since": "yesterday"}).status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize("registration", ["1", "true", "not a UUID", ""])
def test_xapi_00200_to_00203_a_registration_is_a_uuid(lrs: httpx.Client, method: str, registration: str) -> None:
    parameters = {**STATE.named(), "registration": registration}
    assert lrs.request(method, PATH, params=parameters, content=b"{}", headers=JSON).status_code == 400


def test_xapi_00192_since_with_an_id_is_no_reason_to_refuse(lrs: httpx.Client) -> None:
    document = STATE.named()
    write(lrs, PATH, document, {"page": 7})
    answer = lrs.get(PATH, params={**document, "since": "2026-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()) == (200, {"page": 7})
