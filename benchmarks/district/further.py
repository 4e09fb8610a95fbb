"""Single completions recorded into the district and into a small one in turn: one should take no longer than the other.

An administrator enters them. They stay in the record, so ClickHouse is given them too.
"""

import os
from functools import partial
from typing import Any

import polars as pl
from sqlalchemy import select

from benchmarks.district.plan import COURSES, District
from benchmarks.district.questions import administrator
from benchmarks.recording import SOURCE, record_completion
from benchmarks.spread import seconds_of, spread
from data.models import ProgressEvent
from data.record import current_record

_WARM_UP, _IN_TURN = 40, 20


def record_further(districts: dict[str, District], events: int) -> dict[str, Any]:
    """The spread of as many single recordings in each record; the districts are named by their records' URLs."""
    seconds: dict[str, list[float]] = {url: [] for url in districts}
    left = {url: _left_open(url, district, events + _WARM_UP) for url, district in districts.items()}
    for first in range(0, events + _WARM_UP, _IN_TURN):
        for url, district in districts.items():
            os.environ["DATABASE_URL"] = url
            viewer = administrator(district)
            for learner, module in left[url][first : first + _IN_TURN]:
                seconds[url].append(seconds_of(partial(record_completion, viewer, learner, module)))
    return {f"{districts[url].learners} learners": vars(spread(each[_WARM_UP:])) for url, each in seconds.items()}


def further_completions() -> pl.DataFrame:
    """What was recorded so in the current record: user_id, module_id, later_at."""
    ours = select(ProgressEvent.user_id, ProgressEvent.module_id, ProgressEvent.occurred_at.label("later_at"))
    with current_record().reading() as connection:
        rows = connection.execute(ours.where(ProgressEvent.source == SOURCE)).all()
    schema: dict[str, Any] = {"user_id": pl.Int64, "module_id": pl.Int64, "later_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("later_at").dt.replace_time_zone(None))


def _left_open(url: str, district: District, count: int) -> list[tuple[int, int]]:
    """(learner, module) pairs of every course that nobody has completed, chosen by chance, always in the same way."""
    os.environ["DATABASE_URL"] = url
    done = further_completions()
    chosen = []
    for course in range(1, COURSES + 1):
        cells = district.cells(course).filter(pl.col("completed_at").is_null()).join(done, on=_PAIR, how="anti")
        chosen.append(cells.select(_PAIR).sample(min(-(-count // COURSES), cells.height), seed=course))
    return pl.concat(chosen).sample(fraction=1, shuffle=True, seed=0).rows()


_PAIR = ["user_id", "module_id"]
