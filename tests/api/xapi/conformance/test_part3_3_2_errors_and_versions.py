"""Part three, 3.2 and 3.3 errors and versions: what is refused, with which status, and which version is spoken."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.xapi.conformance.parts import STATEMENTS, agent, said
from tests.api.xapi.conftest import Program

RESOURCES = ["/xapi/statements", "/xapi/activities/state", "/xapi/agents", "/xapi/activities", "/xapi/agents/profile"]


@pytest.fixture(scope="module")
def running_app(own_app: str) -> str:
    """A server of its own, which has counted no other file's wrong tokens."""
    return own_app


@pytest.mark.parametrize("path", [*RESOURCES, "/xapi/activities/profile"])
@pytest.mark.parametrize("version", [None, "", "0.9", "0.95", "1.1", "1.1.0", "2.0.0", "1"])
def test_xapi_00321_and_00331_other_versions_are_refused(lrs: httpx.Client, path: str, version: str | None) -> None:
    request = lrs.build_request("GET", path)
    del request.headers["X-Experience-API-Version"]
    if version is not None:
        request.headers["X-Experience-API-Version"] = version
    assert lrs.send(request).status_code == 400


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.9"])
def test_3_3_s3_b3_every_revision_of_1_0_is_taken(lrs: httpx.Client, version: str) -> None:
    assert lrs.get(STATEMENTS, headers={"X-Experience-API-Version": version}).status_code == 200


@pytest.mark.parametrize("path", [*RESOURCES, "/xapi/about", "/xapi/nowhere"])
def test_xapi_00333_every_answer_names_the_version(lrs: httpx.Client, path: str) -> None:
    assert lrs.get(path).headers["X-Experience-API-Version"] == "1.0.3"


def test_xapi_00332_a_statement_keeps_its_version(lrs: httpx.Client) -> None:
    for version, expected in (({"version": "1.0.2"}, "1.0.2"), ({}, "1.0.0")):
        sent = {**said(), **version}
        assert lrs.post(STATEMENTS, json=sent).status_code == 200
        assert lrs.get(STATEMENTS, params={"statementId": sent["id"]}).json()["version"] == expected


@pytest.mark.parametrize("path", RESOURCES)
@pytest.mark.parametrize("parameter", ["colour", "Agent", "ACTIVITYID", "statementid", "Since"])
def test_xapi_00324_and_00325_unknown_parameters_and_other_cases_are_refused(
    lrs: httpx.Client, path: str, parameter: str
) -> None:
    known: dict[str, str] = {
        "/xapi/statements": {},
        "/xapi/activities/state": {"activityId": "https://a.example", "agent": '{"mbox": "mailto:a@b.example"}'},
        "/xapi/agents": {"agent": '{"mbox": "mailto:a@b.example"}'},
        "/xapi/activities": {"activityId": "https://a.example"},
        "/xapi/agents/profile": {"agent": '{"mbox": "mailto:a@b.example"}'},
    }[path]
    assert lrs.get(path, params=known).status_code == 200
    assert lrs.get(path, params={**known, parameter: "x"}).status_code == 400


def test_xapi_00326_a_batch_is_refused_as_a_whole_and_the_statement_is_named(lrs: httpx.Client) -> None:
    good = said()
    answer = lrs.post(STATEMENTS, json=[good, {**said(), "actor": {}}])
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("1.actor")
    assert lrs.get(STATEMENTS, params={"statementId": good["id"]}).status_code == 404


def test_xapi_00327_who_may_not_is_told_403(program: Program) -> None:
    assert program("ada").post(STATEMENTS, json=said(agent("somebody-else"))).status_code == 403
    assert program("ada", "read").post(STATEMENTS, json=said()).status_code == 403


def test_xapi_00328_what_is_too_large_is_told_413(lrs: httpx.Client) -> None:
    assert lrs.post(STATEMENTS, json=said(result={"response": "x" * 4_000_000})).status_code == 413
    assert lrs.post(STATEMENTS, json=[{}] * 1_001).status_code == 413


@pytest.mark.parametrize("path", [*RESOURCES, "/xapi/activities/profile"])
def test_3_2_s2_b2_credentials_are_asked_for(stranger: httpx.Client, path: str) -> None:
    for headers in ({}, {"Authorization": "Basic dGVzdDp0ZXN0"}, {"Authorization": "Bearer wm_none"}):
        answer = stranger.get(path, headers={"X-Experience-API-Version": "1.0.3", **headers})
        assert (answer.status_code, "Basic" in answer.headers["www-authenticate"]) == (401, True)


@pytest.mark.parametrize("text", ["Fragé ¿ 問題 🙂", "\u202eright to left", "a\u0000b"])
def test_1_4_s1_b1_text_is_utf_8_and_comes_back_as_it_was(lrs: httpx.Client, text: Any) -> None:
    sent = said(result={"response": text})
    assert lrs.post(STATEMENTS, json=sent).status_code == 200
    assert lrs.get(STATEMENTS, params={"statementId": sent["id"]}).json()["result"]["response"] == text


def test_3_2_s2_b4_what_does_not_exist_is_404(lrs: httpx.Client) -> None:
    assert lrs.get(STATEMENTS, params={"statementId": str(uuid4())}).status_code == 404
