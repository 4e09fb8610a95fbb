"""160,000 completions of 5,000 learners in a course of 8 units of 8 modules, recorded and rolled up in bulk.

`python -m benchmarks.bulk_recording` makes a fresh SQLite record in a temporary folder and prints JSON.
"""

import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from data.bulk import upsert
from data.migrate import migrate
from data.models import User, UserRole
from data.record import Record, Transaction
from progress.courses.structure import add_course, add_module, add_unit, enrol
from progress.recording.rebuild import differences
from progress.recording.record import record_many

LEARNERS, UNITS, MODULES, COMPLETIONS = 5_000, 8, 8, 160_000
START = datetime(2025, 1, 6, tzinfo=UTC)


def add_large_course(tx: Transaction, learners: int = LEARNERS) -> list[int]:
    """The course with its learners, ids from 1 on; returns the modules' ids."""
    named = {"id": range(1, learners + 1), "full_name": [f"Learner {n}" for n in range(1, learners + 1)]}
    people = pl.DataFrame(named).with_columns(is_active=True, created_at=pl.lit(START.replace(tzinfo=None)))
    upsert(tx, User, people)
    upsert(tx, UserRole, people.select(user_id="id", role=pl.lit("student")))
    course = add_course(tx, "A large course")
    units = [add_unit(tx, course, f"Unit {n}") for n in range(1, UNITS + 1)]
    modules = [
        add_module(tx, unit, f"Module {n}", "reading", published_at=START) for unit in units for n in range(MODULES)
    ]
    enrol(tx, list(range(1, learners + 1)), course, START)
    return modules


def completions(modules: list[int]) -> pl.DataFrame:
    """Every learner views the first 32 modules, one a minute."""
    pairs = ((learner, number) for number in range(COMPLETIONS // LEARNERS) for learner in range(1, LEARNERS + 1))
    moment = START.replace(tzinfo=None)
    rows = [
        (f"{learner}-{number}", learner, modules[number], moment + timedelta(minutes=number))
        for learner, number in pairs
    ]
    frame = pl.DataFrame(rows, schema=["event_id", "user_id", "module_id", "occurred_at"], orient="row")
    return frame.with_columns(
        source=pl.lit("benchmark"), kind=pl.lit("viewed"), authority=pl.lit("system"), received_at="occurred_at"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        record = Record(f"sqlite:///{Path(folder) / 'waymark.db'}")
        migrate(record)
        with record.writing() as tx:
            modules = add_large_course(tx)
        events = completions(modules)
        begun = time.perf_counter()
        with record.writing() as tx:
            created = record_many(tx, events)
        seconds = time.perf_counter() - begun
        wrong = differences(record).height
        record.close()
    print(json.dumps({"completions": created, "seconds": round(seconds, 2), "rows_that_differ": wrong}))


if __name__ == "__main__":
    main()
