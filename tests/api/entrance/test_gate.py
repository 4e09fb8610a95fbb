"""The gate: without a valid session no page, no stream and no inner door of Streamlit is reached."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus

from data.models import SignInSession
from data.record import Record
from pages import menu
from progress.people.accounts import deactivate
from progress.people.sign_in import SESSION_COOKIE, sign_out
from tests.api.conftest import SignedIn
from tests.api.school import TERM_START, School
from tests.api.stream import ask_for, page_paths, rest_of, run_page, stream

PAGES = {role: {Path(file).stem for file, _, _ in files} for role, (_, files) in menu.PAGES.items()}
ALL_PAGES = sorted(set().union(*PAGES.values()))

TokenOf = Callable[[str], str]


def forget_in_time(record: Record, tokens_of: int) -> None:
    with record.writing() as tx:
        over = {"expires_at": TERM_START + timedelta(hours=1)}
        tx.execute(update(SignInSession).where(SignInSession.user_id == tokens_of).values(over))


@pytest.mark.parametrize("page", ALL_PAGES)
def test_page_leads_strangers_to_sign_in_and_back(stranger: httpx.Client, page: str) -> None:
    answer = stranger.get(f"/{page}?course=1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/auth/login?next=/{page}%3Fcourse%3D1")
    assert answer.content == b""


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/", "/auth/login"),
        ("/no_such_page", "/auth/login?next=/no_such_page"),
        ("/index.html", "/auth/login?next=/index.html"),
        ("/pages/navigation.py", "/auth/login?next=/pages/navigation.py"),
        ("/api", "/auth/login?next=/api"),
        ("/authority", "/auth/login?next=/authority"),
        ("/statics", "/auth/login?next=/statics"),
        ("/favicon.png.html", "/auth/login?next=/favicon.png.html"),
        ("/ä", "/auth/login?next=/%25C3%25A4"),
    ],
)
def test_every_other_path_leads_to_sign_in_as_well(stranger: httpx.Client, path: str, wanted: str) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)


@pytest.mark.parametrize(
    ("path", "after_signing_in"),
    [
        ("//evil.example", "/"),
        ("//evil.example/a", "/"),
        ("/%5cevil.example", "/%5Cevil.example"),
        ("/%09/evil.example", "/%09/evil.example"),
    ],
)
def test_odd_path_never_leads_to_another_site(stranger: httpx.Client, path: str, after_signing_in: str) -> None:
    request = httpx.Request("GET", str(stranger.base_url).rstrip("/") + path)
    way_in = stranger.send(request).headers["location"]
    assert way_in.startswith("/auth/login?next=")
    assert f'name="next" value="{after_signing_in}"' in stranger.get(way_in).text


@pytest.mark.parametrize("host", ["evil.example", "evil.example/static/?", "evil.example/auth/"])
def test_host_header_opens_nothing(stranger: httpx.Client, host: str) -> None:
    answer = stranger.get("/my_courses", headers={"Host": host})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/auth/login?next=/my_courses")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_on_pages_are_refused(stranger: httpx.Client, method: str) -> None:
    assert stranger.request(method, "/my_courses").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/media/0123abcd.csv",
        "/component/any/index.html",
        "/_stcore/host-config",
        "/_stcore/upload_file/session/file",
        "/_stcore/bidi-components/any/index.js",
    ],
)
def test_files_and_inner_doors_of_pages_need_a_session(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path).status_code == 401
    stranger.cookies[SESSION_COOKIE] = "forged"
    assert stranger.get(path).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("who", ["ada", "turing", "mother", "nobody"])
def test_only_administrators_upload(running_app: str, token_of: TokenOf, who: str, method: str) -> None:
    """Not to a page of their own either. What an administrator uploads where: test_session_files.py."""
    token = token_of(who)
    with stream(running_app, token) as connection, httpx.Client(cookies={SESSION_COOKIE: token}) as browser:
        session_id = next(
            answer.new_session.initialize.session_id
            for answer in run_page(connection)
            if answer.WhichOneof("type") == "new_session"
        )
        answer = browser.request(method, f"{running_app}/_stcore/upload_file/{session_id}/file")
        assert (answer.status_code, answer.text) == (404, "There is nothing here.")


@pytest.mark.parametrize("path", ["/_stcore/health", "/favicon.png", "/manifest.json"])
def test_public_files_need_no_session(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path).status_code == 200


CLOSED = [
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/_stcore/agent/mcp",
    "/_stcore/something-new",
    "/my_courses/_stcore/health",
    "/oauth2callback",
    "/app/static/anything",
]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", ["", "head"])
def test_doors_that_no_page_uses_are_closed_to_everyone(
    stranger: httpx.Client, signed_in: SignedIn, path: str, method: str, who: str
) -> None:
    browser = signed_in(who) if who else stranger
    assert browser.request(method, path).status_code == 404


def test_signed_in_person_gets_the_page(signed_in: SignedIn) -> None:
    answer = signed_in("ada").get("/my_courses")
    assert answer.status_code == 200
    assert '<div id="root">' in answer.text


def refused(address: str, token: str | None, **how: str | None) -> int:
    """The status with which the stream's handshake is refused."""
    with pytest.raises(InvalidStatus) as answer, stream(address, token, **how):  # type: ignore[arg-type]
        pass
    return answer.value.response.status_code


@pytest.mark.parametrize("token", [None, "", "forged", "x" * 5000])
def test_stream_without_a_session_is_refused_before_it_opens(running_app: str, token: str | None) -> None:
    assert refused(running_app, token) == 403


def test_stream_of_an_ended_session_is_refused(running_app: str, token_of: TokenOf) -> None:
    token = token_of("ada")
    sign_out(token)
    assert refused(running_app, token) == 403


def test_stream_of_an_expired_session_is_refused(
    running_app: str, token_of: TokenOf, served_record: Record, school: School
) -> None:
    token = token_of("newcomer")
    forget_in_time(served_record, school.people["newcomer"])
    assert refused(running_app, token) == 403


def test_stream_of_a_closed_account_is_refused(
    running_app: str, token_of: TokenOf, served_record: Record, school: School
) -> None:
    token = token_of("idle")
    with served_record.writing() as tx:
        deactivate(tx, school.people["idle"])
    assert refused(running_app, token) == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null"])
def test_stream_that_a_page_of_another_site_opens_is_refused(running_app: str, token_of: TokenOf, origin: str) -> None:
    assert refused(running_app, token_of("ada"), origin=origin) == 403


@pytest.mark.parametrize("path", ["/", "/my_courses/_stcore/stream", "/_stcore/stream/", "/api/v1/events"])
def test_streams_open_at_their_one_address_alone(running_app: str, token_of: TokenOf, path: str) -> None:
    assert refused(running_app, token_of("ada"), path=path) == 403


def test_stream_of_a_signed_in_person_runs_their_pages(running_app: str, token_of: TokenOf) -> None:
    with stream(running_app, token_of("ada")) as connection:
        assert page_paths(run_page(connection, "my_courses")) == PAGES["student"] | {"", "access_tokens", "sessions"}


def test_session_that_ends_while_a_page_is_open_shows_no_more_and_leads_to_sign_in(
    running_app: str, token_of: TokenOf
) -> None:
    token = token_of("ada")
    with stream(running_app, token) as connection:
        run_page(connection, "my_courses")
        sign_out(token)
        ask_for(connection, "my_timeline")
        answers, code = rest_of(connection)
    assert answers[-1].auth_redirect.url == "/auth/login?ended"
    assert {answer.WhichOneof("type") for answer in answers[:-1]} <= {"session_event", "session_status_changed"}
    assert code == 1008


def test_next_person_at_the_same_browser_does_not_go_on_with_the_state_of_the_one_before(
    running_app: str, token_of: TokenOf
) -> None:
    with stream(running_app, token_of("ada")) as connection:
        adas = streamlit_session(run_page(connection, "my_courses"))
    with stream(running_app, token_of("ben"), resumed=adas) as connection:
        assert streamlit_session(run_page(connection, "my_courses")) != adas


def streamlit_session(answers: list[ForwardMsg]) -> str:
    return next(a.new_session.initialize.session_id for a in answers if a.WhichOneof("type") == "new_session")
