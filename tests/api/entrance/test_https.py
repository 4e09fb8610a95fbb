"""Served over HTTPS: cookies that no other site can set, no way back to HTTP, answers at our own addresses alone."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from data.record import Record
from tests.api.forms import hidden_fields
from tests.api.school import PASSWORD, School
from tests.api.stream import PATH
from tests.serving import serving

SESSION = "__Host-waymark_session"
FORM = "__Host-waymark_form"


@pytest.fixture(scope="module")
def served_securely(served_record: Record, school: School, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    var: Path = tmp_path_factory.mktemp("secure")
    with serving(
        served_record.url, var, WAYMARK_SECURE_COOKIES="1", WAYMARK_HOSTS="127.0.0.1, *.school.example"
    ) as address:
        yield address


@pytest.fixture
def browser(served_securely: str) -> Iterator[httpx.Client]:
    """Holds no cookies by itself: this client would keep secure ones back from plain HTTP."""
    with httpx.Client(base_url=served_securely, timeout=30) as opened:
        yield opened


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    """Name and value of the cookies that an answer sets, and that each has all that its name promises."""
    set_cookies = answer.headers.get_list("set-cookie")
    for cookie in set_cookies:
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= {part.strip().lower() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()
    return dict(cookie.split(";")[0].split("=", 1) for cookie in set_cookies)


def signed_in(browser: httpx.Client) -> str:
    """The session's token as the browser got it."""
    form = browser.get("/auth/login")
    kept = {"Cookie": f"{FORM}={cookies_of(form)[FORM]}"}
    fields = {**hidden_fields(form), "username": "zoe", "password": PASSWORD}
    return cookies_of(browser.post("/auth/login", data=fields, headers=kept))[SESSION]


def test_cookies_bear_the_prefix_that_keeps_other_sites_from_setting_them(browser: httpx.Client) -> None:
    token = signed_in(browser)
    assert browser.get("/my_courses", headers={"Cookie": f"{SESSION}={token}"}).status_code == 200
    assert browser.get("/api/v1/exports/nothing", headers={"Cookie": f"{SESSION}={token}"}).status_code == 404


def test_a_cookie_without_the_prefix_is_not_ours(browser: httpx.Client) -> None:
    token = signed_in(browser)
    for cookie in (f"waymark_session={token}", f"a=b; waymark_session={token}"):
        assert browser.get("/my_courses", headers={"Cookie": cookie}).status_code == 303
    both = f"waymark_session=planted; {SESSION}={token}"
    assert browser.get("/my_courses", headers={"Cookie": both}).status_code == 200


def test_the_stream_of_a_page_takes_the_prefixed_cookie(served_securely: str, browser: httpx.Client) -> None:
    url, protocols = served_securely.replace("http", "ws", 1) + PATH, [Subprotocol("streamlit")]
    token = signed_in(browser)
    headers = {"Cookie": f"{SESSION}={token}"}
    with connect(url, additional_headers=headers, subprotocols=protocols, origin=served_securely):  # type: ignore[arg-type]
        pass
    with (
        pytest.raises(InvalidStatus),
        connect(url, additional_headers={"Cookie": f"waymark_session={token}"}, subprotocols=protocols),
    ):
        pass


def test_signing_out_takes_the_prefixed_cookie_back(browser: httpx.Client) -> None:
    token = signed_in(browser)
    form = browser.get("/auth/sign-out", headers={"Cookie": f"{SESSION}={token}"})
    kept = {"Cookie": f"{SESSION}={token}; {FORM}={cookies_of(form)[FORM]}"}
    answer = browser.post("/auth/sign-out", data=hidden_fields(form), headers=kept)
    assert cookies_of(answer)[SESSION].strip('"') == ""


@pytest.mark.parametrize("path", ["/", "/auth/login", "/api/v1/events", "/xapi/about", "/_stcore/health"])
def test_browsers_are_kept_from_plain_http(browser: httpx.Client, path: str) -> None:
    assert browser.get(path).headers["strict-transport-security"] == "max-age=63072000"


@pytest.mark.parametrize("host", ["evil.example", "school.example.evil.example", "localhost", ""])
@pytest.mark.parametrize("path", ["/", "/auth/login", "/api/v1/openapi.json", "/xapi/about"])
def test_nothing_is_answered_at_another_address(browser: httpx.Client, host: str, path: str) -> None:
    answer = browser.get(path, headers={"Host": host})
    assert (answer.status_code, answer.headers.get("location")) == (400, None)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8501", "learn.school.example"])
def test_own_addresses_are_answered(browser: httpx.Client, host: str) -> None:
    assert browser.get("/auth/login", headers={"Host": host}).status_code == 200


def test_a_stream_at_another_address_is_refused(served_securely: str, browser: httpx.Client) -> None:
    cookie, url = {"Cookie": f"{SESSION}={signed_in(browser)}"}, httpx.URL(served_securely)
    with (
        socket.create_connection((url.host, url.port or 80)) as opened,
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://evil.example{PATH}", sock=opened, additional_headers=cookie),
    ):
        pass
    assert refused.value.response.status_code == 400
