"""Programs at the API: what an access token opens, what it does not, and that it opens no more than its owner may."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from data.models import AccessToken, ProgressEvent
from data.record import Record
from progress.people.access_tokens import NewToken, create_token, revoke_token
from progress.people.accounts import deactivate, end_role, give_role, reactivate, set_password, unlink_guardian
from progress.people.sign_in import SESSION_COOKIE
from tests.api.conftest import SignedIn
from tests.api.school import ROLES, TERM_START, School

Program = Callable[..., httpx.Client]
REALM = 'Bearer realm="Waymark"'


@pytest.fixture(scope="module")
def running_app(own_app: str) -> str:
    """An app of this file's own: it counts wrong tokens by address, for a quarter of an hour."""
    return own_app


@pytest.fixture
def made(served_record: Record, school: School) -> Callable[..., NewToken]:
    """A new token of a person of the school, for reading and recording unless told otherwise."""

    def make(username: str, *scopes: str) -> NewToken:
        end = datetime.now(UTC) + timedelta(days=1)
        with served_record.writing() as tx:
            return create_token(tx, school.people[username], "A test", scopes or ("read", "record"), end)

    return make


@pytest.fixture
def program(stranger: httpx.Client, made: Callable[..., NewToken]) -> Program:
    """A program with a new token of this person, and with nothing else."""

    def with_token(username: str, *scopes: str) -> httpx.Client:
        stranger.headers["Authorization"] = f"Bearer {made(username, *scopes).token}"
        return stranger

    return with_token


def viewed(learner: int, module: int, event_id: str) -> dict[str, Any]:
    occurred = {"kind": "viewed", "occurred_at": TERM_START.isoformat()}
    return {"source": "test", "event_id": event_id, "user_id": learner, "module_id": module, **occurred}


def stored_events(record: Record) -> int:
    with record.reading() as connection:
        return connection.scalar(select(func.count()).select_from(ProgressEvent)) or 0


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and challenge of a refusal, which is a problem like any other."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.headers["www-authenticate"]


@pytest.mark.parametrize("username", sorted(set(ROLES) - {"gone"}))
def test_program_sees_exactly_what_its_owner_sees(
    program: Program, signed_in: SignedIn, school: School, username: str
) -> None:
    client = program(username)
    for learner in school.people.values():
        path = f"/api/v1/users/{learner}/progress"
        by_token, by_session = client.get(path), signed_in(username).get(path)
        assert by_token.status_code == by_session.status_code
        assert by_token.json() | {"as_of": ""} == by_session.json() | {"as_of": ""}


def test_program_records_for_its_owner(program: Program, school: School) -> None:
    sent = viewed(school.people["ada"], school.algebra_modules[0], "by-program")
    answer = program("ada").post("/api/v1/events", json=sent)
    assert [verdict["outcome"] for verdict in answer.json()["verdicts"]] == ["created"]


def test_token_of_someone_who_may_see_nothing_records_nothing(
    program: Program, school: School, served_record: Record
) -> None:
    before = stored_events(served_record)
    sent = viewed(school.people["ada"], school.algebra_modules[0], "by-nobody")
    answer = program("nobody").post("/api/v1/events", json=sent)
    assert [verdict["outcome"] for verdict in answer.json()["verdicts"]] == ["refused"]
    assert stored_events(served_record) == before


def test_token_for_reading_cannot_record(program: Program, school: School, served_record: Record) -> None:
    before = stored_events(served_record)
    sent = viewed(school.people["ada"], school.algebra_modules[0], "by-reader")
    answer = program("ada", "read").post("/api/v1/events", json=sent)
    assert refusal(answer) == (403, f'{REALM}, error="insufficient_scope", scope="record"')
    assert answer.json()["detail"] == "This access token lacks the scope “record”. Make one that has it."
    assert stored_events(served_record) == before


def test_token_for_recording_cannot_read(program: Program, school: School) -> None:
    answer = program("ada", "record").get(f"/api/v1/users/{school.people['ada']}/progress")
    assert refusal(answer) == (403, f'{REALM}, error="insufficient_scope", scope="read"')


def test_stranger_is_told_how_to_sign_in(stranger: httpx.Client) -> None:
    assert refusal(stranger.get("/api/v1/users/1/progress")) == (401, REALM)


HOLD_NO_TOKEN = ["", "Basic " + base64.b64encode(b"any:wm_x").decode(), "Digest username=x", "wm_nothing", "\xff"]
HOLD_A_WRONG_ONE = ["Bearer", "Bearer wrong", "Bearer wm_" + "x" * 43, "bearer  wm_", "Bearer \xff"]


@pytest.mark.parametrize("header", [*HOLD_NO_TOKEN, *HOLD_A_WRONG_ONE])
def test_header_without_a_valid_token_opens_nothing(
    stranger: httpx.Client, school: School, token_of: Callable[[str], str], header: str
) -> None:
    stranger.cookies[SESSION_COOKIE] = token_of("head")  # does not count where an Authorization header stands
    headers = [(b"Authorization", header.encode("latin-1"))]
    answer = stranger.get(f"/api/v1/users/{school.people['ada']}/progress", headers=headers)
    assert refusal(answer) == (401, REALM if header in HOLD_NO_TOKEN else f'{REALM}, error="invalid_token"')


def test_token_cannot_be_sent_as_the_session(
    stranger: httpx.Client, made: Callable[..., NewToken], school: School
) -> None:
    stranger.cookies[SESSION_COOKIE] = made("head").token
    assert refusal(stranger.get(f"/api/v1/users/{school.people['ada']}/progress")) == (401, REALM)
    assert stranger.get("/people").status_code == 303


def test_session_cannot_be_sent_as_a_token(
    stranger: httpx.Client, token_of: Callable[[str], str], school: School
) -> None:
    headers = {"Authorization": f"Bearer {token_of('head')}"}
    assert stranger.get(f"/api/v1/users/{school.people['ada']}/progress", headers=headers).status_code == 401


def test_token_opens_no_page(program: Program) -> None:
    answer = program("head").get("/people")
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login?next=/people")


def test_program_of_another_site_needs_no_origin_but_still_json(program: Program, school: School) -> None:
    client, path = program("ada"), "/api/v1/events"
    sent = viewed(school.people["ada"], school.algebra_modules[0], "from-elsewhere")
    elsewhere = {"Origin": "https://phone.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post(path, json=sent, headers=elsewhere).status_code == 200
    assert client.post(path, content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415


def test_description_names_both_ways_in_and_the_scope_of_each_operation(signed_in: SignedIn) -> None:
    described = signed_in("ada").get("/api/v1/openapi.json").json()
    assert set(described["components"]["securitySchemes"]) == {"session", "access_token"}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["security"] == [{"session": []}, {"access_token": []}]
            assert {"401", "403", "429"} <= set(operation["responses"])
            assert f"needs the scope `{operation['x-scope']}`" in operation["description"]
            is_plain_reading = method == "get" and not path.startswith("/audit-entries")  # which is for administrators
            assert operation["x-scope"] in ({"read"} if is_plain_reading else {"record", "manage"}), path


def ada_status(client: httpx.Client, school: School) -> int:
    return client.get(f"/api/v1/users/{school.people['ada']}/progress").status_code


def test_revoked_and_expired_tokens_are_refused_at_the_next_request(
    stranger: httpx.Client, made: Callable[..., NewToken], served_record: Record, school: School
) -> None:
    revoked, expired = made("head"), made("head")
    for token in (revoked, expired):
        stranger.headers["Authorization"] = f"Bearer {token.token}"
        assert ada_status(stranger, school) == 200
    with served_record.writing() as tx:
        revoke_token(tx, revoked.id)
        past = {"created_at": TERM_START, "expires_at": datetime.now(UTC) - timedelta(seconds=1)}
        tx.execute(update(AccessToken).where(AccessToken.id == expired.id).values(past))
    for token in (revoked, expired):
        stranger.headers["Authorization"] = f"Bearer {token.token}"
        assert ada_status(stranger, school) == 401


def test_what_its_owner_loses_the_program_loses_at_the_next_request(
    program: Program, served_record: Record, school: School
) -> None:
    client = program("mother")
    assert ada_status(client, school) == 200
    with served_record.writing() as tx:
        unlink_guardian(tx, school.people["mother"], school.people["ada"])
    assert ada_status(client, school) == 404
    head = program("tutor", "read")
    with served_record.writing() as tx:
        give_role(tx, school.people["tutor"], "administrator")
    assert ada_status(head, school) == 200
    with served_record.writing() as tx:
        end_role(tx, school.people["tutor"], "administrator")
    assert ada_status(head, school) == 404


@pytest.mark.parametrize(
    "change", [lambda tx, who: set_password(tx, who, "another good password"), deactivate], ids=["password", "closed"]
)
def test_new_password_and_closed_account_end_the_persons_tokens_for_good(
    program: Program, served_record: Record, school: School, change: Callable[..., None]
) -> None:
    client = program("turing")
    assert ada_status(client, school) == 200
    with served_record.writing() as tx:
        change(tx, school.people["turing"])
    assert ada_status(client, school) == 401
    with served_record.writing() as tx:
        reactivate(tx, school.people["turing"])
    assert ada_status(client, school) == 401
