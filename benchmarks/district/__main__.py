"""A district's record made and measured, and ClickHouse asked the same: `python -m benchmarks.district`.

100,000 learners in three of ten courses each, 64 modules a course: 19.2 million learner × module cells and 11.5 million
events, recorded course by course through the set-based door. Then the mirror is built cold and opened again, single
events are recorded here and into a district of 100 learners, every question is asked of ClickHouse and of Waymark, and
the answers are compared row by row. Each step prints a line of JSON. ClickHouse comes with `make setup-district`.

`--learners 10000` makes a smaller one; `--folder PATH` keeps the record, and goes on with it the next time.
"""

import json
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.district.comparison import ask
from benchmarks.district.further import record_further
from benchmarks.district.mirrored import mirror_figures
from benchmarks.district.plan import District, district_of
from benchmarks.district.school import migrated, recorded

_SMALL = 100


def in_its_own_process(work: Callable[..., Any], *given: Any) -> Any:
    """What a step returns. Its peak memory is then its own, and nothing is in memory when the next one starts."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *given).result()


def district_in(folder: Path, learners: int) -> District:
    """The district whose record is in the folder; it is made there if it is not."""
    noted = folder / "district.json"
    if noted.exists():
        known = json.loads(noted.read_text())
        assert known["learners"] == learners, f"{folder} holds a district of {known['learners']} learners"
        in_its_own_process(migrated)
        return District(learners, date.fromisoformat(known["first_monday"]))
    district = district_of(learners, datetime.now(UTC).date())
    folder.mkdir(parents=True, exist_ok=True)
    figures = in_its_own_process(recorded, district, folder / "waymark.db")
    print(json.dumps({"record": {"learners": learners, **figures}}), flush=True)
    noted.write_text(json.dumps({"learners": learners, "first_monday": district.first_monday.isoformat()}))
    return district


def measure_recording(district: District, events: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder) / "waymark.db", district_of(_SMALL, datetime.now(UTC).date())
        in_its_own_process(recorded, small, path)
        urls = {os.environ["DATABASE_URL"]: district, f"sqlite:///{path}": small}
        print(json.dumps({"one_event": in_its_own_process(record_further, urls, events)}), flush=True)


def main(
    learners: Annotated[
        int, typer.Option(help="How many learners; a tenth of them takes a tenth of the time.")
    ] = 100_000,
    folder: Annotated[Path | None, typer.Option(help="Keep the record here, or go on with the one that is.")] = None,
    runs: Annotated[int, typer.Option(help="How often each question is asked.")] = 21,
    events: Annotated[int, typer.Option(help="How many single events are recorded.")] = 300,
    alone: Annotated[bool, typer.Option("--alone", help="Ask Waymark alone, without ClickHouse.")] = False,
) -> None:
    with ExitStack() as stack:
        place = (folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))).absolute()
        os.environ |= {"WAYMARK_VAR": str(place), "DATABASE_URL": f"sqlite:///{place / 'waymark.db'}"}
        district = district_in(place, learners)
        print(json.dumps(in_its_own_process(mirror_figures, place)), flush=True)
        if events:
            measure_recording(district, events)
        in_its_own_process(ask, district, runs, alone)


if __name__ == "__main__":
    typer.run(main)
