"""A teacher's page runs while 60 pages of one other account send requests as fast as they are answered.

`python -m benchmarks.fairness [--pages 60] [--runs 60] [--without-turns] [--processes 1]` serves a sample school; the
student's pages generate the load, the teacher clicks twice a second. Prints JSON: the teacher's runs alone and under
load. `--without-turns` measures the same without runs taking turns.
"""

import asyncio
import json
import tempfile
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.page_run import sample_school
from benchmarks.spread import Spread, spread
from benchmarks.visitors import OpenPage, open_page
from progress.people.sign_in import sign_in
from progress.sample.school import SAMPLE_PASSWORD
from tests.serving import environment, serving

HAMMERED, CLICKED = "my_courses", "my_classes"
SECONDS_BETWEEN_CLICKS = 0.5


async def hammer(page: OpenPage) -> None:
    while True:
        await page.run(HAMMERED)


async def click(page: OpenPage, runs: int) -> Spread:
    durations = []
    for _ in range(runs):
        durations.append(await page.run(CLICKED))
        await asyncio.sleep(SECONDS_BETWEEN_CLICKS)
    return spread(durations)


async def feel(address: str, tokens: list[str], pages: int, runs: int) -> tuple[Spread, Spread]:
    """The clicks of the second account alone, and under the load of the first one's pages."""
    hammering, clicking = tokens
    async with AsyncExitStack() as held:
        teacher = await held.enter_async_context(open_page(address, clicking))
        await teacher.run(CLICKED)
        alone = await click(teacher, runs)
        opened = [await held.enter_async_context(open_page(address, hammering)) for _ in range(pages)]
        tasks = [asyncio.create_task(hammer(page)) for page in opened]
        await asyncio.sleep(2)
        meanwhile = await click(teacher, runs)
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        return alone, meanwhile


def measure(folder: Path, pages: int, runs: int, *, takes_turns: bool = True, processes: int = 1) -> dict[str, Any]:
    url = sample_school(folder)
    places = "4" if takes_turns else "1000"
    with (
        serving(url, folder, WAYMARK_PAGE_RUNS=places, WAYMARK_PROCESSES=str(processes)) as address,
        environment(DATABASE_URL=url, WAYMARK_VAR=str(folder)),
    ):
        tokens = [sign_in(username, SAMPLE_PASSWORD, "192.0.2.1") for username in ("student", "teacher")]
        alone, meanwhile = asyncio.run(feel(address, tokens, pages, runs))
    return {
        "pages": pages,
        "takes_turns": takes_turns,
        "processes": processes,
        "alone": vars(alone),
        "meanwhile": vars(meanwhile),
    }


def main(
    pages: Annotated[int, typer.Option(help="How many pages hammer.")] = 60,
    runs: Annotated[int, typer.Option(help="How often the teacher clicks.")] = 60,
    without_turns: Annotated[bool, typer.Option("--without-turns", help="Room for all at once.")] = False,
    processes: Annotated[int, typer.Option(help="How many serve together.")] = 1,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), pages, runs, takes_turns=not without_turns, processes=processes)))


if __name__ == "__main__":
    typer.run(main)
