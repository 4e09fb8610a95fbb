"""Bodies that are hard to read or wrong in a hundred thousand places are answered briefly, and nobody else waits."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import httpx
import pytest

from tests.api.conftest import SignedIn
from tests.api.school import School

JSON = {"Content-Type": "application/json"}
MOST_SECONDS = 1.0  # on a machine that does much else; benchmarks/hostile_bodies.py measures it
USUAL = {"source": "lms", "user_id": 1, "module_id": 1, "kind": "played", "occurred_at": "2026-03-02T09:30:00+01:00"}


def event(number: int, **parts: Any) -> dict[str, Any]:
    return {**USUAL, "event_id": f"e{number}", **parts}


def many_keys(count: int) -> dict[str, int]:
    return {f"key{number}": 1 for number in range(count)}


WRONG_INTERVALS = json.dumps([event(n, watched_intervals=[["a", "b"]] * 1_000) for n in range(250)]).encode()
HOSTILE = {
    "wrong intervals": (WRONG_INTERVALS, 422),
    "unknown keys": (json.dumps(event(1, **many_keys(200_000))).encode(), 413),
    "unknown keys in a list": (json.dumps([event(1, **many_keys(200_000))]).encode(), 422),
    "unknown keys in each of many": (json.dumps([event(n, **many_keys(190)) for n in range(1_000)]).encode(), 422),
    "more events than there may be": (b"[" + b",".join([b"{}"] * 1_300_000) + b"]", 422),
    "deep lists": (b"[" * 3_900_000, 400),
    "deep objects": (b'{"a":' * 700_000, 413),
    "deep lists in an event": (b'[{"source":' + b"[" * 3_900_000, 400),
    "a huge number": (b'[{"score":' + b"9" * 3_900_000 + b"}]", 422),
    "a number of many digits": (b'[{"score":' + b"9" * 60_000 + b"}]", 400),
    "no JSON": (b"[" + b"{}," * 500_000 + b"}", 422),
    "no UTF-8": (b'["\xff' + b"a" * 100_000 + b'"]', 422),
}


@contextmanager
def asking_for_health(address: str) -> Iterator[Callable[[], float]]:
    """The longest that `/health` took to answer meanwhile, in seconds."""
    over, slowest = Event(), [0.0]

    def ask() -> None:
        with httpx.Client(base_url=address, timeout=60) as browser:
            while not over.is_set():
                began = time.monotonic()
                assert browser.get("/health").status_code == 200
                slowest.append(time.monotonic() - began)

    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(ask)
        yield lambda: max(slowest)
        over.set()
        asked.result()


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_events_are_answered_briefly_and_keep_nobody_waiting(
    signed_in: SignedIn, running_app: str, kind: str
) -> None:
    body, status = HOSTILE[kind]
    with asking_for_health(running_app) as slowest:
        answer = signed_in("ada").post("/api/v1/events", content=body, headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert len(answer.content) < 10_000
    assert slowest() < MOST_SECONDS


def test_the_first_20_faults_are_named_and_all_are_counted(signed_in: SignedIn) -> None:
    answer = signed_in("ada").post("/api/v1/events", content=WRONG_INTERVALS, headers=JSON).json()
    assert len(answer["errors"]) == 20
    assert answer["errors"][0]["pointer"] == "#/0/watched_intervals/0/0"
    assert answer["errors_count"] == 500_000
    assert answer["detail"].endswith("The first 20 of 500,000 faults are named.")


def test_faults_of_several_events_are_named_at_their_places(signed_in: SignedIn) -> None:
    sent = [event(number) | ({"score": "high"} if number in (3, 700) else {}) for number in range(900)]
    answer = signed_in("ada").post("/api/v1/events", json=sent).json()
    assert [wrong["pointer"] for wrong in answer["errors"]] == ["#/3/score", "#/700/score"]
    assert "errors_count" not in answer


@pytest.mark.parametrize("intervals", [1, 60])
def test_a_thousand_good_events_are_recorded_whatever_their_size(
    signed_in: SignedIn, school: School, intervals: int
) -> None:
    for_ada = {"user_id": school.people["ada"], "module_id": school.algebra_modules[0]}
    stretches = [[number, number + 0.5] for number in range(intervals)]
    sent = [event(intervals * 10_000 + n, watched_intervals=stretches, **for_ada) for n in range(1_000)]
    verdicts = signed_in("ada").post("/api/v1/events", json=sent, timeout=120).json()["verdicts"]
    assert {verdict["outcome"] for verdict in verdicts} == {"created"}


def test_what_is_wrong_is_named_in_few_words_however_long_its_name(signed_in: SignedIn) -> None:
    answer = signed_in("ada").post("/api/v1/events", json=event(1, **{"x" * 50_000: 1}))
    assert answer.status_code == 422
    assert len(answer.content) < 2_000


@pytest.mark.parametrize(
    ("path", "method"),
    [("completion-rule", "PUT"), ("completion-rule/preview", "POST")],
)
@pytest.mark.parametrize("count", [3_000, 200_000])
def test_other_routes_name_the_first_faults_too(
    signed_in: SignedIn, school: School, path: str, method: str, count: int
) -> None:
    address = f"/api/v1/courses/{school.algebra}/{path}"
    answer = signed_in("head").request(method, address, json={"lecture_share": 0.5, **many_keys(count)})
    assert answer.status_code == (422 if count < 10_000 else 413)
    assert len(answer.content) < 10_000


STATEMENT = {
    "actor": {"mbox": "mailto:ada@school.example"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://videos.example/1"},
}
HOSTILE_STATEMENTS = {
    "unknown keys": json.dumps({**STATEMENT, **many_keys(200_000)}).encode(),
    "a name of a megabyte": json.dumps({**STATEMENT, "x" * 1_000_000: 1}).encode(),
    "extensions": json.dumps({**STATEMENT, "result": {"extensions": many_keys(200_000)}}).encode(),
    "deep lists": b"[" * 3_900_000,
    "deep objects": b'{"a":' * 700_000,
    "many empty statements": b"[" + b",".join([b"{}"] * 1_300_000) + b"]",
    "numbers": b"[" + b",".join([b"0.5"] * 900_000) + b"]",
    "a huge number": b'{"id":' + b"9" * 3_900_000 + b"}",
}


@pytest.mark.parametrize("kind", HOSTILE_STATEMENTS)
def test_hostile_statements_are_answered_briefly_and_keep_nobody_waiting(
    signed_in: SignedIn, running_app: str, kind: str
) -> None:
    headers = JSON | {"X-Experience-API-Version": "1.0.3"}
    with asking_for_health(running_app) as slowest:
        answer = signed_in("ada").post("/xapi/statements", content=HOSTILE_STATEMENTS[kind], headers=headers)
    assert answer.status_code == (413 if kind in ("many empty statements", "numbers") else 400)
    assert len(answer.content) < 10_000
    assert slowest() < MOST_SECONDS


def test_a_sign_in_form_of_many_parts_is_refused_at_once(stranger: httpx.Client, running_app: str) -> None:
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(50_000))
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    with asking_for_health(running_app) as slowest:
        answer = stranger.post("/auth/login", content=parts + b"--x--\r\n", headers=headers)
    assert answer.status_code == 413
    assert slowest() < MOST_SECONDS
