"""How many requests are answered: said in every answer, counted for each caller apart, refused kindly beyond it."""

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import thread_time

import httpx
import pytest
from starlette.requests import HTTPConnection

from api.callers.rate_limit import TooManyRequests, count
from data.record import Record
from progress.people.access_tokens import create_token
from progress.people.sign_in import SESSION_COOKIE
from tests.api.school import School
from tests.serving import serving

READS, RECORDINGS = 6, 4
Caller = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def strict_app(served_record: Record, school: School, var: Path) -> Iterator[str]:
    """The app with limits that a test can reach."""
    limits = {"WAYMARK_READS_PER_MINUTE": str(READS), "WAYMARK_RECORDINGS_PER_MINUTE": str(RECORDINGS)}
    with serving(served_record.url, var, **limits) as address:
        yield address


@pytest.fixture
def program(strict_app: str, served_record: Record, school: School) -> Iterator[Caller]:
    """A program with a new token, at an address of its own: as behind a proxy on the same machine."""
    opened = []

    def with_token(username: str, *, address: str = "192.0.2.9") -> httpx.Client:
        end = datetime.now(UTC) + timedelta(days=1)
        with served_record.writing() as tx:
            token = create_token(tx, school.people[username], "A test", ["read", "record"], end).token
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": address}
        opened.append(httpx.Client(base_url=strict_app, headers=headers, timeout=30))
        return opened[-1]

    yield with_token
    for client in opened:
        client.close()


def ada_path(school: School) -> str:
    return f"/api/v1/users/{school.people['ada']}/progress"


def left(answer: httpx.Response) -> tuple[str, int]:
    """The policy, and how many requests it leaves; both headers must be there and agree."""
    policy, quota = re.fullmatch(r'"(\w+)";q=(\d+);w=60', answer.headers["ratelimit-policy"]).groups()  # type: ignore[union-attr]
    same, remaining, seconds = re.fullmatch(r'"(\w+)";r=(\d+);t=(\d+)', answer.headers["ratelimit"]).groups()  # type: ignore[union-attr]
    assert same == policy
    assert 0 <= int(remaining) < int(quota)
    assert 1 <= int(seconds) <= 60
    return policy, int(remaining)


def test_each_answer_says_how_many_requests_are_left(program: Caller, school: School) -> None:
    client = program("ada")
    assert [left(client.get(ada_path(school))) for _ in range(3)] == [("read", 5), ("read", 4), ("read", 3)]


def test_recording_is_counted_apart_from_reading_and_a_refused_body_counts_too(program: Caller, school: School) -> None:
    client = program("ada")
    assert left(client.get(ada_path(school))) == ("read", 5)
    assert left(client.post("/api/v1/events", json={})) == ("record", 3)


def test_exports_are_counted_by_a_policy_of_their_own(program: Caller) -> None:
    assert left(program("ada").get("/api/v1/exports/nothing")) == ("export", 59)


def test_too_many_requests_are_refused_with_the_time_to_wait(program: Caller, school: School) -> None:
    client = program("ada")
    answers = [client.get(ada_path(school)) for _ in range(READS + 1)]
    assert [answer.status_code for answer in answers] == [200] * READS + [429]
    refused = answers[-1]
    assert left(refused) == ("read", 0)
    assert refused.headers["content-type"] == "application/problem+json"
    seconds = int(refused.headers["retry-after"])
    assert 1 <= seconds <= 60
    words = f"These were more than 6 requests of the kind “read” in a minute. Wait {seconds} seconds, then go on."
    assert refused.json()["detail"] == words


def test_refused_recording_stores_nothing(program: Caller, school: School) -> None:
    client = program("head")
    for _ in range(RECORDINGS):
        client.post("/api/v1/events", json={})
    sent = {
        "source": "test", "event_id": "beyond", "user_id": school.people["ada"],
        "module_id": school.algebra_modules[0], "kind": "viewed", "occurred_at": "2026-03-02T09:30:00Z",
    }  # fmt: skip
    assert client.post("/api/v1/events", json=sent).status_code == 429
    verdicts = program("head").post("/api/v1/events", json=sent).json()["verdicts"]
    assert [verdict["outcome"] for verdict in verdicts] == ["created"]


def test_one_callers_requests_take_nothing_from_another(program: Caller, school: School, strict_app: str) -> None:
    for _ in range(READS + 1):
        exhausted = program("ada").get(ada_path(school))
        assert exhausted.status_code == 200  # a token of its own each time
    client = program("ada")
    for _ in range(READS + 1):
        client.get(ada_path(school))
    assert left(program("ada").get(ada_path(school))) == ("read", 5)


def test_session_is_counted_for_its_person_however_many_there_are(
    strict_app: str, token_of: Callable[[str], str], school: School
) -> None:
    def ask() -> httpx.Response:
        cookies = {SESSION_COOKIE: token_of("mother")}
        return httpx.get(strict_app + ada_path(school), cookies=cookies, timeout=30)

    assert [left(ask()) for _ in range(2)] == [("read", 5), ("read", 4)]


def test_strangers_are_counted_by_address(strict_app: str, school: School) -> None:
    def ask(address: str, path: str) -> httpx.Response:
        return httpx.get(strict_app + path, headers={"X-Forwarded-For": address}, timeout=30)

    paths = [ada_path(school), "/api/v1/docs", "/api/v1/openapi.json", "/api/v1/nothing", "/api/v1/users/1", "/api/v1/"]
    answers = [ask("198.51.100.1", path) for path in paths]
    assert [left(answer) for answer in answers] == [("anonymous", READS - number) for number in range(1, READS + 1)]
    refused = ask("198.51.100.1", "/api/v1/docs")
    assert (refused.status_code, left(refused)) == (429, ("anonymous", 0))
    assert ask("198.51.100.2", "/api/v1/docs").status_code == 303
    same_network = [ask(f"2001:db8:1:1::{number}", "/api/v1/docs") for number in range(2)]
    assert [left(answer)[1] for answer in same_network] == [5, 4]


def test_school_whose_strangers_are_refused_still_gets_in(program: Caller, strict_app: str, school: School) -> None:
    for _ in range(READS + 1):
        httpx.get(f"{strict_app}/api/v1/docs", headers={"X-Forwarded-For": "198.51.100.3"}, timeout=30)
    assert program("ada", address="198.51.100.3").get(ada_path(school)).status_code == 200
    assert httpx.get(f"{strict_app}/auth/login", headers={"X-Forwarded-For": "198.51.100.3"}).status_code == 200


def test_forged_credentials_are_counted_as_a_strangers(strict_app: str, school: School) -> None:
    headers = {"X-Forwarded-For": "198.51.100.4"}
    answers = [
        httpx.get(strict_app + ada_path(school), headers=headers, cookies={SESSION_COOKIE: f"forged{number}"})
        for number in range(READS + 1)
    ]
    assert [answer.status_code for answer in answers] == [401] * READS + [429]


def test_wrong_tokens_are_refused_after_thirty_and_right_ones_never(
    program: Caller, strict_app: str, school: School
) -> None:
    address = {"X-Forwarded-For": "198.51.100.5"}
    with httpx.Client(base_url=strict_app, timeout=30, headers=address) as guesser:
        answers = [
            guesser.get(ada_path(school), headers={"Authorization": f"Bearer wm_{number:043}"}) for number in range(31)
        ]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 900
    assert program("ada", address=address["X-Forwarded-For"]).get(ada_path(school)).status_code == 200


def test_pages_are_not_counted(strict_app: str) -> None:
    for path in ("/", "/auth/login", "/_stcore/health"):
        assert "ratelimit" not in httpx.get(strict_app + path).headers


async def count_times(number: int, policy: str, who: str) -> None:
    for _ in range(number):
        await count(HTTPConnection({"type": "http", "headers": [], "client": ("192.0.2.77", 1)}), policy, who)


def test_counting_takes_well_below_a_tenth_of_a_millisecond() -> None:
    begun = thread_time()
    asyncio.run(count_times(2_000, "record", "a benchmark"))
    assert (thread_time() - begun) / 2_000 < 0.000_1


def test_count_beyond_the_quota_is_an_error_that_carries_the_standing() -> None:
    asyncio.run(count_times(60, "export", "a test"))
    with pytest.raises(TooManyRequests) as refused:
        asyncio.run(count_times(1, "export", "a test"))
    assert (refused.value.standing.policy, refused.value.standing.remaining) == ("export", 0)
