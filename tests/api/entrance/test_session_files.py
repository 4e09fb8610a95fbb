"""Files that a page made, and uploads that it takes, belong to the sign-in that opened the page."""

import ast
import re
from collections.abc import Callable

import httpx
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from data.settings import PROJECT
from progress.people.sign_in import SESSION_COOKIE, token_mark
from tests.api.conftest import SignedIn
from tests.api.stream import PATH, run_page, stream

TokenOf = Callable[[str], str]


def files_on(answers: list[ForwardMsg]) -> list[str]:
    sent = b"".join(answer.SerializeToString() for answer in answers)
    return sorted({found.decode() for found in re.findall(rb"/media/[0-9a-f]+\.[a-z]+", sent)})


def template_on(answers: list[ForwardMsg]) -> str:
    """The template for spreadsheets, which the Import page offers for download."""
    return next(name for name in files_on(answers) if name.endswith((".csv", ".xlsx")))


def browser_of(address: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=address, cookies={SESSION_COOKIE: token}, timeout=30)


def import_page(connection: ClientConnection) -> list[ForwardMsg]:
    return run_page(connection, "import_data", "kind=spreadsheet")


def test_a_file_is_given_to_the_sign_in_that_opened_its_page_alone(
    running_app: str, token_of: TokenOf, signed_in: SignedIn
) -> None:
    token = token_of("head")
    with stream(running_app, token) as connection, browser_of(running_app, token) as own:
        path = template_on(import_page(connection))
        assert own.get(path).status_code == 200
        others = [signed_in(who) for who in ("ada", "turing", "mother", "nobody", "head")]
        answers = [other.get(path) for other in others]
        assert {(answer.status_code, answer.text) for answer in answers} == {(404, "There is nothing here.")}


def test_a_file_is_still_given_when_its_page_has_just_lost_its_connection(running_app: str, token_of: TokenOf) -> None:
    token = token_of("head")
    with stream(running_app, token) as connection:
        path = template_on(import_page(connection))
    with browser_of(running_app, token) as own:
        assert own.get(path).status_code == 200


def test_a_browser_cannot_claim_another_sign_in(running_app: str, token_of: TokenOf) -> None:
    theirs, own = token_of("head"), token_of("ada")
    url, protocol = running_app.replace("http://", "ws://") + PATH, Subprotocol("streamlit")
    claimed = {"Cookie": f"{SESSION_COOKIE}={own}", "X-Waymark-Sign-In": token_mark(theirs)}
    with stream(running_app, theirs) as connection, browser_of(running_app, own) as browser:
        path = template_on(import_page(connection))
        with connect(url, additional_headers=claimed, subprotocols=[protocol], origin=running_app) as forged:  # type: ignore[arg-type]
            run_page(forged)
            assert browser.get(path).status_code == 404


def test_no_page_makes_a_file_only_when_it_is_asked_for() -> None:
    """Streamlit notes for no session what it makes then, so such a file would be given to nobody."""
    calls = [
        f"{path.name}:{call.lineno}"
        for path in (PROJECT / "pages").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "download_button"
        if any(isinstance(given, ast.Lambda) for given in (*call.args, *(keyword.value for keyword in call.keywords)))
    ]
    assert calls == []


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_upload_goes_to_a_page_of_the_same_sign_in_alone(running_app: str, token_of: TokenOf, method: str) -> None:
    token = token_of("head")
    with stream(running_app, token) as connection, browser_of(running_app, token) as own:
        session_id = next(
            answer.new_session.initialize.session_id
            for answer in import_page(connection)
            if answer.WhichOneof("type") == "new_session"
        )
        path = f"/_stcore/upload_file/{session_id}/file"
        with browser_of(running_app, token_of("head")) as another:
            assert another.request(method, path, files={"file": b"a,b"}).status_code == 404
        assert own.request(method, path, files={"file": b"a,b"}).status_code == 403  # Streamlit's own token is missing
