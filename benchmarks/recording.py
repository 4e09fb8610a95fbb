"""Recording one completion at a time, with roll-ups and a durable commit, in DATABASE_URL's record.

`python -m benchmarks.recording [--events 500]` picks modules that learners have not completed, records a completion of
each as an administrator, and prints the spread in milliseconds as JSON. The completions stay in the record.
"""

import json
import uuid
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer
from sqlalchemy import exists, select

from benchmarks.spread import seconds_of, spread
from data.models import Enrolment, Module, ModuleProgress
from data.record import current_record
from data.viewer import Viewer
from progress.recording.events import NewEvent
from progress.recording.record import record

SOURCE = "benchmark"


def open_modules(count: int) -> list[tuple[int, int]]:
    """(learner, module) pairs without a completion, spread over learners and courses."""
    done = exists().where(ModuleProgress.user_id == Enrolment.user_id, ModuleProgress.module_id == Module.id)
    statement = (
        select(Enrolment.user_id, Module.id)
        .join(Module, Module.course_id == Enrolment.course_id)
        .where(Enrolment.status == "active", Module.id % 7 == Enrolment.user_id % 7, ~done)
        .order_by(Enrolment.user_id * 7919 % 10007, Module.id)
        .limit(count)
    )
    with current_record().reading() as connection:
        return [(row[0], row[1]) for row in connection.execute(statement)]


def record_completion(viewer: Viewer, learner: int, module: int) -> None:
    event = NewEvent(SOURCE, uuid.uuid4().hex, learner, module, "completed", datetime.now(UTC))
    [verdict] = record(viewer, [event])
    assert verdict.outcome == "created", verdict


def administrator() -> Viewer:
    """A viewer who may record anything, with the id of someone in the record."""
    with current_record().reading() as connection:
        someone = connection.execute(select(Enrolment.user_id).limit(1)).scalar_one()
    return Viewer(someone, "Benchmark", frozenset({"administrator"}), frozenset())


def main(events: Annotated[int, typer.Option(help="How many completions to record.")] = 500) -> None:
    viewer = administrator()
    durations = [
        seconds_of(partial(record_completion, viewer, learner, module)) for learner, module in open_modules(events)
    ]
    print(json.dumps(vars(spread(durations[20:]))))


if __name__ == "__main__":
    typer.run(main)
