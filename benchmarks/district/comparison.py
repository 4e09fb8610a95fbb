"""Waymark and ClickHouse asked the same questions in turn: the same answers row by row, and how long they took."""

import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from benchmarks.district.further import further_completions
from benchmarks.district.plan import District
from benchmarks.district.questions import Question, asked_of_waymark_alone, questions
from benchmarks.spread import seconds_of, spread
from queries.asking.ask import forget_answers

_WARM_UP = 2


def ask(district: District, runs: int, alone: bool) -> None:
    """Print a line of JSON for each question. Raises AssertionError where the two do not answer the same.

    `alone`: ClickHouse is not asked.
    """
    asked = asked_of_waymark_alone(district)
    if alone:
        asked = {question.name: question.ask_waymark for question in questions(district)} | asked
    else:
        _compare(district, runs)
    for name, ask_waymark in asked.items():
        rows = ask_waymark().height
        seconds = [seconds_of(partial(_afresh, ask_waymark)) for _ in range(runs + _WARM_UP)][_WARM_UP:]
        print(json.dumps({"question": name, "rows": rows, **vars(spread(seconds)), **_load()}), flush=True)


def _compare(district: District, runs: int) -> None:
    from benchmarks.district.clickhouse import ClickHouse  # it is an extra: everything else here runs without it

    with TemporaryDirectory() as folder:
        clickhouse = ClickHouse(Path(folder), district, further_completions())
        for question in questions(district):
            print(json.dumps(_compared(question, clickhouse.answer, runs)), flush=True)
        clickhouse.close()


def _compared(question: Question, ask_clickhouse: Callable[[str], pl.DataFrame], runs: int) -> dict[str, Any]:
    rows = assert_same(question, ask_clickhouse(question.sql))
    waymark, clickhouse = [], []
    for _ in range(runs + _WARM_UP):
        waymark.append(_taken(partial(_afresh, question.ask_waymark)))
        clickhouse.append(_taken(partial(ask_clickhouse, question.sql)))
    figures = _medians("clickhouse", clickhouse[_WARM_UP:]) | _medians("waymark", waymark[_WARM_UP:])
    ratio = round(figures["waymark_ms"] / figures["clickhouse_ms"], 2)
    return {"question": question.name, "rows": rows, **figures, "ratio": ratio, **_load()}


def _taken(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of all processors, which depend less on what else the machine does."""
    busy = time.process_time()
    clock = seconds_of(work)
    return 1000 * clock, 1000 * (time.process_time() - busy)


def _medians(name: str, taken: list[tuple[float, float]]) -> dict[str, float]:
    clock, processor = (round(median(each), 1) for each in zip(*taken, strict=True))
    return {f"{name}_ms": clock, f"{name}_processor_ms": processor}


def assert_same(question: Question, answer: pl.DataFrame) -> int:
    """That Waymark's answer has exactly these rows, in any order; returns how many."""
    ours, theirs = (_in_order(frame, question.columns) for frame in (question.ask_waymark(), answer))
    assert ours.height > 0
    assert_frame_equal(ours, theirs, rel_tol=1e-12)
    return ours.height


def _in_order(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    whole = pl.selectors.integer() | pl.selectors.decimal()
    return frame.select(columns).with_columns(whole.cast(pl.Int64)).sort(columns[:2])


def _afresh(ask: Callable[[], pl.DataFrame]) -> None:
    forget_answers()
    ask()


def _load() -> dict[str, float]:
    return {"load": round(os.getloadavg()[0], 2)}
