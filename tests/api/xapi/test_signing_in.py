"""Who reaches `/xapi` at all: programs with a token as Bearer or Basic that name the version of xAPI they speak."""

from base64 import b64encode

import httpx
import pytest

from tests.api.conftest import SignedIn
from tests.api.v1.test_events import check_problem
from tests.api.xapi.conftest import HEADERS, Program
from tests.api.xapi.statements import statement

PATH = "/xapi/statements"


def token_of(client: httpx.Client) -> str:
    return client.headers["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_nobody_gets_in_without_credentials_and_is_told_how(
    stranger: httpx.Client, program: Program, method: str
) -> None:
    answer = stranger.request(method, PATH, json=statement("ada"), headers=HEADERS)
    check_problem(answer, 401)
    assert "Basic" in answer.headers["WWW-Authenticate"]
    assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"


def test_token_is_the_password_of_any_user(stranger: httpx.Client, program: Program) -> None:
    for user in ("", "player"):
        given = b64encode(f"{user}:{token_of(program('ada'))}".encode()).decode()
        assert stranger.get(PATH, headers={**HEADERS, "Authorization": f"Basic {given}"}).status_code == 200


def test_wrong_token_opens_nothing(stranger: httpx.Client, program: Program) -> None:
    for given in (f"Basic {b64encode(b'x:wm_wrong').decode()}", "Bearer wm_wrong"):
        answer = stranger.get(PATH, headers={**HEADERS, "Authorization": given})
        check_problem(answer, 401)
        assert "Basic" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("version", "status"), [(None, 400), ("2.0.0", 400), ("0.95", 400), ("1.0", 200), ("1.0.1", 200)]
)
def test_version_is_asked_for_and_told(
    stranger: httpx.Client, program: Program, version: str | None, status: int
) -> None:
    headers = {"Authorization": program("ada").headers["Authorization"]}
    answer = stranger.get(
        PATH, headers=headers if version is None else {**headers, "X-Experience-API-Version": version}
    )
    assert (answer.status_code, answer.headers["X-Experience-API-Version"]) == (status, "1.0.3")


def test_anyone_may_ask_which_versions_are_spoken(stranger: httpx.Client) -> None:
    assert "1.0.3" in stranger.get("/xapi/about").json()["version"]


def test_door_is_documented(signed_in: SignedIn) -> None:
    assert signed_in("ada").get("/xapi/docs").status_code == 200
    paths = signed_in("ada").get("/xapi/openapi.json").json()["paths"]
    assert {name: set(path) for name, path in paths.items()} == {
        "/statements": {"get", "put", "post"},
        "/activities/state": {"get", "put", "post", "delete"},
        "/activities/profile": {"get", "put", "post", "delete"},
        "/agents/profile": {"get", "put", "post", "delete"},
        "/agents": {"get"},
        "/activities": {"get"},
        "/about": {"get"},
    }


def test_requests_are_counted_and_told(program: Program) -> None:
    answer = program("ada").get(PATH)
    assert {"RateLimit", "RateLimit-Policy"} <= {
        name.title().replace("Ratelimit", "RateLimit") for name in answer.headers
    }
    assert answer.headers["Cache-Control"] == "private, no-store"
