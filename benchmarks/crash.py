"""Killing the server while it records, again and again: every acknowledged event must still be there.

`python -m benchmarks.crash [--kills 100]` serves a record with a course of 200 learners; four programs post events,
singly and in batches, while the server is killed (SIGKILL) at random moments and restarted. After each kill it checks
the acknowledged events; at the end `rebuild --check` must find nothing. Prints JSON; exits with 1 if an event is lost.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import select

from benchmarks.event_requests import Client
from data.migrate import migrate
from data.models import ProgressEvent
from data.record import open_record
from data.settings import PROJECT
from progress.courses.enrolment import enrol
from progress.courses.structure import add_course, add_module, add_unit
from progress.people.access_tokens import create_token
from progress.people.accounts import add_user
from tests.serving import killable_server

LEARNERS, MODULES, CLIENTS = 200, 20, 4
LONGEST_LIFE_SECONDS = 1.0
_PATIENCE_SECONDS = 30.0
START = datetime(2026, 1, 5, tzinfo=UTC)


class Recorder:
    """A program that posts until its server dies, and keeps what was acknowledged."""

    def __init__(self, token: str, number: int) -> None:
        self.token = token
        self.chance = random.Random(number)
        self.acknowledged: set[str] = set()

    def record_until_the_end(self, address: str) -> None:
        client = Client(address, self.token)
        client.connection.timeout = _PATIENCE_SECONDS
        try:
            while True:
                self._post(client)
        except (OSError, HTTPException):
            pass  # killed; what was in flight may be stored or not
        finally:
            client.connection.close()

    def _post(self, client: Client) -> None:
        events = [self._event() for _ in range(self.chance.choice((1, 1, 1, 50)))]
        client.connection.request("POST", "/api/v1/events", json.dumps(events), client.headers)
        answer = json.loads(client.connection.getresponse().read())
        self.acknowledged |= {each["event_id"] for each in answer["verdicts"] if each["outcome"] == "created"}

    def _event(self) -> dict[str, Any]:
        chosen = {"user_id": self.chance.randint(1, LEARNERS), "module_id": self.chance.randint(1, MODULES)}
        happened = datetime.now(UTC).isoformat()
        return {"source": "crash", "event_id": uuid.uuid4().hex, "kind": "viewed", "occurred_at": happened, **chosen}


def new_record(url: str) -> list[str]:
    """A course with learners; a token for each program."""
    record = open_record(url)
    migrate(record)
    with record.writing() as tx:
        course = add_course(tx, "Course")
        unit = add_unit(tx, course, "Unit")
        for number in range(MODULES):
            add_module(tx, unit, f"Reading {number}", "reading", published_at=START)
        learners = [add_user(tx, f"Learner {number}", roles=["student"]) for number in range(LEARNERS)]
        enrol(tx, learners, course, START)
        owner = add_user(tx, "Crash", username="crash", roles=["administrator"])
        expiry = datetime.now(UTC) + timedelta(days=1)
        tokens = [create_token(tx, owner, f"Client {n}", ["record"], expiry).token for n in range(CLIENTS)]
    record.close()
    return tokens


@contextmanager
def recording(address: str, recorders: list[Recorder]) -> Iterator[None]:
    threads = [threading.Thread(target=each.record_until_the_end, args=(address,)) for each in recorders]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def lost(url: str, recorders: list[Recorder]) -> set[str]:
    """Acknowledged events that the record does not have."""
    record = open_record(url)
    with record.reading() as connection:
        stored = set(connection.scalars(select(ProgressEvent.event_id)))
    record.close()
    return set().union(*(each.acknowledged for each in recorders)) - stored


def differing(url: str, folder: Path) -> str:
    """What `rebuild --check` finds; empty if all is well."""
    environment = {**os.environ, "DATABASE_URL": url, "WAYMARK_VAR": str(folder)}
    command = [sys.executable, "-m", "progress", "rebuild", "--check"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def measure(folder: Path, kills: int) -> dict[str, Any]:
    url = f"sqlite:///{folder / 'waymark.db'}"
    recorders = [Recorder(token, number) for number, token in enumerate(new_record(url))]
    moments, missing, starts = random.Random(8), set[str](), []
    for _ in range(kills):
        began = time.monotonic()
        with killable_server(url, folder) as (address, kill):
            starts.append(time.monotonic() - began)
            with recording(address, recorders):
                time.sleep(moments.uniform(0.05, LONGEST_LIFE_SECONDS))
                kill()
        missing |= lost(url, recorders)
    acknowledged = sum(len(each.acknowledged) for each in recorders)
    found = {"kills": kills, "acknowledged": acknowledged, "lost": len(missing)}
    return {**found, "rebuild_check": differing(url, folder) or "clean", "start_seconds": round(max(starts), 1)}


def main(kills: Annotated[int, typer.Option(help="How often the server is killed.")] = 100) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), kills)
    print(json.dumps(found))
    raise typer.Exit(int(found["lost"] > 0 or found["rebuild_check"] != "clean"))


if __name__ == "__main__":
    typer.run(main)
