"""Connections are bounded in number, in time and in bytes before anyone is known, and the others are still answered."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data.record import Record
from progress.people.sign_in import sign_in
from tests.api.school import PASSWORD, School, build_school
from tests.api.stream import next_answer, page_paths, rest_of, run_page, stream
from tests.serving import LOG, serving

USUAL_SOFT_LIMIT = 1_024
LIMITS = {
    "WAYMARK_SECONDS_FOR_HEADERS": "1",
    "WAYMARK_SECONDS_FOR_BODY": "1",
    "WAYMARK_PAGES_PER_PERSON": "3",
    "WAYMARK_PAGES_PER_ADDRESS": "5",
    "WAYMARK_CONNECTIONS_PER_ADDRESS": "40",
}


@contextmanager
def soft_limit(files: int) -> Iterator[None]:
    """As a server is started with Debian's usual limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(scope="module")
def bounded(served_record: Record, school: School, var: Path) -> Iterator[str]:
    """A server with narrow limits that believes no proxy."""
    with serving(served_record.url, var, FORWARDED_ALLOW_IPS="192.0.2.99", **LIMITS) as address:
        yield address


def connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20)


def begun(address: str, sent: bytes) -> socket.socket:
    opened = connect(address)
    opened.sendall(sent)
    return opened


def rest(opened: socket.socket) -> bytes:
    """All that still comes until the server closes."""
    with closing(opened):
        pieces = iter(lambda: opened.recv(65_536), b"")
        return b"".join(pieces)


def answers_in(address: str) -> float:
    began = time.monotonic()
    assert httpx.get(f"{address}/health", timeout=20).status_code == 200
    return time.monotonic() - began


def test_a_request_whose_headers_never_end_is_closed_in_time(bounded: str) -> None:
    opened = begun(bounded, b"GET / HTTP/1.1\r\nHost: waymark\r\n")
    began = time.monotonic()
    assert rest(opened).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < 4


def test_headers_that_drip_in_are_no_excuse(bounded: str) -> None:
    opened = begun(bounded, b"GET / HTTP/1.1\r\n")
    opened.settimeout(0.1)
    began = time.monotonic()
    answer = b""
    while not answer and time.monotonic() - began < 10:
        opened.sendall(b"X-Drip: 1\r\n")
        with suppress(TimeoutError):
            answer = opened.recv(1_000)
    opened.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < 5


def test_a_body_that_never_comes_is_closed_in_time(bounded: str) -> None:
    head = b"POST /auth/login HTTP/1.1\r\nHost: waymark\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    opened = begun(bounded, head + b"Content-Length: 100\r\n\r\nusername=a")
    began = time.monotonic()
    assert rest(opened).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < 5


def test_a_silent_connection_is_closed_without_a_word(bounded: str) -> None:
    assert rest(connect(bounded)) == b""


def test_headers_beyond_64_kilobytes_are_refused(bounded: str) -> None:
    opened = begun(bounded, b"GET / HTTP/1.1\r\n" + b"X-Long: " + b"x" * 100_000)
    assert rest(opened).startswith(b"HTTP/1.1 431 ")


def test_a_connection_is_used_again_after_an_answer(bounded: str) -> None:
    with httpx.Client(base_url=bounded) as browser:
        for _ in range(3):
            assert browser.get("/health").status_code == 200
            time.sleep(1.1)


def test_an_address_with_too_many_connections_is_told_so(bounded: str) -> None:
    with ExitStack() as held:
        for _ in range(40):
            held.enter_context(closing(connect(bounded)))
        refused = rest(begun(bounded, b"GET /health HTTP/1.1\r\nHost: waymark\r\n\r\n"))
    assert refused.startswith(b"HTTP/1.1 429 ")
    assert b"too many open connections" in refused


def test_a_person_with_too_many_pages_is_led_to_a_page_that_says_so(bounded: str, school: School) -> None:
    token = sign_in("ada", PASSWORD, "192.0.2.1")
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(stream(bounded, token))
        with stream(bounded, token) as one_more:
            message: ForwardMsg = next_answer(one_more)
            assert message.auth_redirect.url == "/auth/too-many-pages"
            assert rest_of(one_more) == ([], 1013)
        with stream(bounded, sign_in("turing", PASSWORD, "192.0.2.1")) as of_another:
            assert page_paths(run_page(of_another)) != set()
    answer = httpx.get(f"{bounded}/auth/too-many-pages")
    assert answer.status_code == 429
    assert "Close some tabs" in answer.text


def test_a_page_that_was_closed_gives_its_place_away(bounded: str, school: School) -> None:
    token = sign_in("ada", PASSWORD, "192.0.2.1")
    for _ in range(8):
        with stream(bounded, token) as page:
            assert page_paths(run_page(page)) != set()


def test_an_address_with_too_many_pages_is_told_so(bounded: str, school: School) -> None:
    with ExitStack() as held:
        for who, pages in (("ada", 3), ("turing", 2)):
            token = sign_in(who, PASSWORD, "192.0.2.1")
            for _ in range(pages):
                held.enter_context(stream(bounded, token))
        with stream(bounded, sign_in("head", PASSWORD, "192.0.2.1")) as one_more:
            assert next_answer(one_more).auth_redirect.url == "/auth/too-many-pages"


def test_the_log_names_the_address_that_was_refused(bounded: str, var: Path) -> None:
    assert "A connection from 127.0.0.1 was refused with" in (var / LOG).read_text()


def test_half_open_requests_shut_nobody_out_at_the_usual_limit(sqlite_record: Record, tmp_path: Path) -> None:
    build_school(sqlite_record)
    with soft_limit(USUAL_SOFT_LIMIT), serving(sqlite_record.url, tmp_path) as address, ExitStack() as held:
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        for _ in range(1_200):
            held.enter_context(closing(begun(address, b"GET / HTTP/1.1\r\nHost: waymark\r\n")))
        assert answers_in(address) < 2
