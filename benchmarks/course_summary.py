"""`GET /api/v1/courses/{id}/progress` over HTTP: a course of 20,000 learners and 64 modules, without cached answers.

`python -m benchmarks.course_summary [--runs 60]` serves a fresh SQLite record in a process of its own and prints a line
of JSON for each question, and the machine's load. Before each request a learner of the course does something, so that
no answer is cached; for conditional requests it is someone in another course. The mirror has been refreshed by then,
except in `after_a_change`, where the request waits for that too. The goal is a first page within 50 ms.
"""

import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from itertools import cycle
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

import polars as pl
import typer

from benchmarks.bulk_recording import MODULES, START, UNITS, add_large_course
from benchmarks.spread import seconds_of, spread
from data.migrate import migrate
from data.record import Record, Transaction, open_record
from progress.courses.enrolment import enrol
from progress.courses.structure import add_course, add_module, add_unit
from progress.people.access_tokens import create_token
from progress.people.accounts import add_user
from progress.recording.record import record_many
from tests.serving import serving

LEARNERS, GOAL_MS, WARM_UP = 20_000, 50.0, 5
PATH = "/api/v1/courses/1/progress"


def completions(modules: list[int]) -> pl.DataFrame:
    """Each learner views modules of the course in order, one a minute; how many varies from none to all."""
    numbered = pl.DataFrame({"module_id": modules}).with_row_index("number").cast({"number": pl.Int64})
    pairs = pl.DataFrame({"user_id": range(1, LEARNERS + 1)}).join(numbered, how="cross")
    done = pairs.filter(pl.col("number") < pl.col("user_id") % (UNITS * MODULES + 1))
    moment = pl.lit(START.replace(tzinfo=None)) + pl.duration(minutes="number")
    return done.select(
        pl.format("{}-{}", "user_id", "number").alias("event_id"),
        "user_id",
        "module_id",
        occurred_at=moment,
        received_at=moment,
        source=pl.lit("benchmark"),
        kind=pl.lit("viewed"),
        authority=pl.lit("system"),
    )


def add_elsewhere(tx: Transaction) -> tuple[int, int]:
    """A learner and a module of another course."""
    course = add_course(tx, "Another course")
    module = add_module(tx, add_unit(tx, course, "Unit"), "Module", "reading", published_at=START)
    learner = add_user(tx, "Somebody else", roles=["student"])
    enrol(tx, [learner], course, START)
    return learner, module


class Client:
    """A program that reads the course; before each request something is recorded there or elsewhere."""

    def __init__(self, address: str, token: str, last_module: int, elsewhere: tuple[int, int]) -> None:
        self._connection = HTTPConnection(urlsplit(address).netloc)
        self._signed_in = {"Authorization": f"Bearer {token}"}
        self._within = cycle((learner, last_module) for learner in range(1, LEARNERS + 1, 100))
        self._elsewhere = elsewhere

    def page(self, asked: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[HTTPResponse, bytes]:
        self._connection.request("GET", f"{PATH}?{urlencode(asked)}", headers=self._signed_in | (headers or {}))
        answer = self._connection.getresponse()
        return answer, answer.read()

    def change(self, *, elsewhere: bool) -> None:
        learner, module = self._elsewhere if elsewhere else next(self._within)
        now = datetime.now(UTC).isoformat()
        event = {"source": "benchmark", "event_id": uuid.uuid4().hex, "user_id": learner, "module_id": module}
        body = json.dumps({**event, "kind": "viewed", "occurred_at": now})
        self._connection.request(
            "POST", "/api/v1/events", body, {**self._signed_in, "Content-Type": "application/json"}
        )
        assert json.loads(self._connection.getresponse().read())["verdicts"][0]["outcome"] == "created"

    def catch_up(self) -> None:
        self._connection.request("GET", f"/api/v1/users/{self._elsewhere[0]}/progress", headers=self._signed_in)
        assert self._connection.getresponse().read()

    def measured(self, runs: int, asked: dict[str, Any], *, has_it: bool = False, waits: bool = False) -> Any:
        """The spread of `runs` requests; with `has_it` they are conditional and get 304."""
        answer, _ = self.page(asked)
        headers = {"If-None-Match": str(answer.headers["ETag"])} if has_it else None
        seconds = []
        for _ in range(runs + WARM_UP):
            self.change(elsewhere=has_it)
            if not waits:
                self.catch_up()
            seconds.append(seconds_of(lambda: self.page(asked, headers)))
        assert self.page(asked, headers)[0].status == (304 if has_it else 200)
        return spread(seconds[WARM_UP:])


def questions(client: Client) -> Iterator[tuple[str, dict[str, Any], dict[str, bool]]]:
    """The name, page and options of each measurement."""
    for sort in ("id", "name", "-percentage"):
        following = {"sort": sort, "cursor": json.loads(client.page({"sort": sort})[1])["next_cursor"]}
        for name, asked in (("first page", {"sort": sort}), ("following page", following)):
            yield f"{name} by {sort}", asked, {}
            yield f"{name} by {sort}, unchanged", asked, {"has_it": True}
    yield "first page by id, after_a_change", {"sort": "id"}, {"waits": True}
    yield "first page by id, 500 learners", {"sort": "id", "limit": 500}, {}


def new_record(record: Record) -> tuple[str, int, tuple[int, int]]:
    """A token of an administrator, the course's last module, and a learner and module of another course."""
    migrate(record)
    with record.writing() as tx:
        modules = add_large_course(tx, LEARNERS)
        record_many(tx, completions(modules))
        elsewhere = add_elsewhere(tx)
        owner = add_user(tx, "Benchmark", username="benchmark", password=uuid.uuid4().hex, roles=["administrator"])
        token = create_token(tx, owner, "Benchmark", ["read", "record"], datetime.now(UTC) + timedelta(days=1)).token
    return token, modules[-1], elsewhere


def main(runs: Annotated[int, typer.Option(help="How often each question is asked.")] = 60) -> None:
    with tempfile.TemporaryDirectory() as folder:
        record = open_record(f"sqlite:///{Path(folder) / 'waymark.db'}")
        token, last_module, elsewhere = new_record(record)
        slow = []
        with serving(record.url, Path(folder)) as address:
            client = Client(address, token, last_module, elsewhere)
            for name, asked, circumstances in questions(client):
                figures = client.measured(runs, asked, **circumstances)
                load = round(os.getloadavg()[0], 2)
                print(json.dumps({"question": name, **vars(figures), "load": load}), flush=True)
                slow += [name] if figures.p95_ms > GOAL_MS else []
        record.close()
    print(json.dumps({"goal_p95_ms": GOAL_MS, "slower": slow}))


if __name__ == "__main__":
    typer.run(main)
