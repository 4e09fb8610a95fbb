"""`POST /api/v1/events` over HTTP on SQLite: single events from 8 concurrent clients, then batches of 1,000.

`python -m benchmarks.event_requests [--seconds 10]` serves a fresh record with a course of 5,000 learners in a process
of its own, and prints JSON. The clients are programs with an access token each, and share the machine with the server.
"""

import json
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import count, islice
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from benchmarks.bulk_recording import LEARNERS, add_large_course
from benchmarks.spread import seconds_of, spread
from data.migrate import migrate
from data.record import open_record
from progress.people.access_tokens import create_token
from progress.people.accounts import add_user
from tests.serving import serving

CLIENTS, BATCH, BATCHES = 8, 1_000, 20


def event(learner_id: int, module_id: int) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    named = {"source": "benchmark", "event_id": uuid.uuid4().hex, "user_id": learner_id, "module_id": module_id}
    return {**named, "kind": "viewed", "occurred_at": now}


def events_of(modules: list[int], client: int) -> Iterator[dict[str, Any]]:
    """One completion after another, of learners whom no other client reports."""
    for module_id in modules:
        yield from (event(learner, module_id) for learner in range(client + 1, LEARNERS + 1, CLIENTS))


class Client:
    """One program, which keeps its connection and waits for each answer."""

    def __init__(self, address: str, token: str) -> None:
        self.connection = HTTPConnection(urlsplit(address).netloc)
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    def post(self, body: object) -> None:
        self.connection.request("POST", "/api/v1/events", json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        verdicts = json.loads(answer.read()).get("verdicts", [])
        assert {verdict["outcome"] for verdict in verdicts} == {"created"}, (answer.status, verdicts[:3])

    def post_until(self, end: float, events: Iterator[dict[str, Any]]) -> list[float]:
        durations = []
        while time.perf_counter() < end:
            body = next(events)
            durations.append(seconds_of(lambda body=body: self.post(body)))  # type: ignore[misc]
        return durations


def single_events(clients: list[Client], modules: list[int], seconds: float) -> dict[str, object]:
    end = time.perf_counter() + seconds
    with ThreadPoolExecutor(CLIENTS) as threads:
        streams = [events_of(modules, number) for number in range(CLIENTS)]
        durations = [
            found for part in threads.map(Client.post_until, clients, [end] * CLIENTS, streams) for found in part
        ]
    return {"events_per_second": round(len(durations) / seconds), **vars(spread(durations))}


def batches(client: Client, modules: list[int]) -> dict[str, object]:
    events = (event(learner, module_id) for module_id in modules for learner in range(1, LEARNERS + 1))
    bodies = [list(islice(events, BATCH)) for _ in range(BATCHES)]
    durations = [seconds_of(lambda body=body: client.post(body)) for body in bodies]  # type: ignore[misc]
    return {"events_per_second": round(BATCH * BATCHES / sum(durations)), **vars(spread(durations))}


def new_record(url: str) -> tuple[list[int], list[str]]:
    """The course's modules, and a token for each client."""
    record = open_record(url)
    migrate(record)
    with record.writing() as tx:
        modules = add_large_course(tx)
        owner = add_user(tx, "Benchmark", username="benchmark", password=uuid.uuid4().hex, roles=["administrator"])
        expiry = datetime.now(UTC) + timedelta(days=1)
        tokens = [create_token(tx, owner, f"Client {n}", ["record"], expiry).token for n in islice(count(), CLIENTS)]
    record.close()
    return modules, tokens


def main(seconds: Annotated[float, typer.Option(help="How long single events are posted.")] = 10) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'waymark.db'}"
        modules, tokens = new_record(url)
        with serving(url, Path(folder)) as address:
            clients = [Client(address, token) for token in tokens]
            clients[0].post(event(1, modules[-1]))
            print(json.dumps({"one_at_a_time": single_events(clients, modules[:30], seconds)}), flush=True)
            print(json.dumps({"batches_of_1000": batches(clients[0], modules[30:60])}))


if __name__ == "__main__":
    typer.run(main)
