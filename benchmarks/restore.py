"""Restoring a backup under a running server, on SQLite and on PostgreSQL, and checking its answers afterwards.

`python -m benchmarks.restore [--events 40]` serves a course of 5,000 learners, takes a backup, records events, restores
the backup while the server runs, and records other events, so that transaction numbers repeat; then it does the same
with Waymark's own backup and restore. Prints JSON: the answers, and how soon after each restore they were right. Fails
if an answer differs from the record.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from sqlalchemy import func, select, text

from benchmarks.bulk_recording import add_large_course
from benchmarks.event_requests import Client, event
from data.migrate import migrate
from data.models import CourseProgress, ProgressEvent
from data.record import Record, open_record
from progress.people.access_tokens import create_token
from progress.people.accounts import add_user
from progress.upkeep import backing_up
from tests.faults import own_postgresql
from tests.restoring import PROGRAMS, back_up, restore
from tests.serving import serving

_SECONDS_TO_BE_RIGHT = 60.0


class Reader(Client):
    """A program that reads what pages show."""

    def asked(self, path: str) -> Any:
        self.connection.request("GET", f"/api/v1{path}", headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            self.connection = HTTPConnection(self.connection.host, self.connection.port)
            raise ConnectionError(f"{answer.status}: {body[:200]!r}")
        return json.loads(body)

    def figures(self) -> dict[str, int]:
        rows = self.asked("/exports/course_progress?format=json")
        events = self.asked("/exports/events?format=json")
        return {"completed_modules": sum(row["completed_modules_count"] for row in rows), "events": len(events)}


def stored_figures(record: Record) -> dict[str, int]:
    completed = select(func.coalesce(func.sum(CourseProgress.completed_modules_count), 0)).scalar_subquery()
    events = select(func.count()).select_from(ProgressEvent).scalar_subquery()
    with record.reading() as connection:
        row = connection.execute(select(completed, events)).one()
    return {"completed_modules": int(row[0]), "events": int(row[1])}


def new_record(record: Record) -> tuple[list[int], str]:
    """The course's modules, and a token that reads and records."""
    migrate(record)
    with record.writing() as tx:
        modules = add_large_course(tx)
        if not tx.is_sqlite:  # the course's learners were inserted with ids
            tx.execute(text("select setval(pg_get_serial_sequence('users', 'id'), (select max(id) from users))"))
        owner = add_user(tx, "Benchmark", roles=["administrator"])
        expiry = datetime.now(UTC) + timedelta(days=1)
        return modules, create_token(tx, owner, "Benchmark", ["read", "record"], expiry).token


def seconds_until_right(reader: Reader, record: Record) -> float:
    """How long it takes until an answer matches the record. Raises AssertionError after a minute."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < _SECONDS_TO_BE_RIGHT:
        try:
            if reader.figures() == stored_figures(record):
                return time.perf_counter() - begun
        except ConnectionError:
            time.sleep(0.05)  # PostgreSQL's tables are missing for a moment during the restore
    raise AssertionError(f"answered {reader.figures()}, stored {stored_figures(record)}")


def restored_by_waymark(reader: Reader, record: Record, backup: Path) -> float:
    """Restore with Waymark's own backup and restore; returns how long until the answers are right."""
    backing_up.back_up(record, backup)
    expected = stored_figures(record)
    reader.post([event(learner, 1) for learner in range(2_001, 2_011)])
    reader.figures()
    backing_up.restore(record, backup, replace=True)
    seconds = seconds_until_right(reader, record)
    assert reader.figures() == expected
    return seconds


def measure(url: str, folder: Path, events: int) -> dict[str, object]:
    record = open_record(url)
    modules, token = new_record(record)
    with serving(url, folder) as address:
        reader = Reader(address, token)
        assert urlsplit(address).port
        reader.post([event(learner, modules[0]) for learner in range(1, events + 1)])
        before = reader.figures()
        cursor = reader.asked("/users/1/changes?limit=1000")["cursor"]
        back_up(record, folder / "backup")
        reader.post([event(learner, modules[1]) for learner in range(1, events + 1)])
        after = reader.figures()
        later_cursor = reader.asked(f"/users/1/changes?since={cursor}")["cursor"]
        restoring = time.perf_counter()
        restore(record, folder / "backup")
        restored = time.perf_counter()
        seconds = seconds_until_right(reader, record)
        assert reader.figures() == before
        reader.post([event(learner, modules[2]) for learner in range(1, events // 2 + 1)])
        seconds_until_right(reader, record)
        assert reader.asked(f"/users/1/changes?since={later_cursor}")["is_complete"]
        own_seconds = restored_by_waymark(reader, record, folder / "own backup")
    record.close()
    return {
        "before": before,
        "recorded": after,
        "restored": before,
        "restore_seconds": round(restored - restoring, 2),
        "right_after_seconds": round(seconds, 2),
        "right_after_own_restore_seconds": round(own_seconds, 2),
    }


@contextmanager
def records(folder: Path) -> Iterator[dict[str, str]]:
    """A place for a record on each database."""
    os.environ["PATH"] = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"  # pg_dump must be as new as the server
    with own_postgresql() as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        yield {"sqlite": f"sqlite:///{folder / 'sqlite' / 'waymark.db'}", "postgresql": url}


def main(events: Annotated[int, typer.Option(help="How many events are recorded and undone.")] = 40) -> None:
    with tempfile.TemporaryDirectory() as folder, records(Path(folder)) as urls:
        for name, url in urls.items():
            own = Path(folder) / name
            own.mkdir()
            print(json.dumps({name: measure(url, own, events)}), flush=True)


if __name__ == "__main__":
    typer.run(main)
