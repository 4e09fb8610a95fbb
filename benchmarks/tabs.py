"""400 tabs open at once from one address, on a server with Debian's default limit of 1,024 open files.

`python -m benchmarks.tabs [--tabs 400]` serves a sample school, opens tabs of its four accounts one by one, keeps
all of them open, and then lets each run its page again. Prints JSON.
"""

import asyncio
import json
import resource
import tempfile
from contextlib import AsyncExitStack
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.page_run import PAGES, sample_school
from benchmarks.spread import Spread, spread
from benchmarks.visitors import OpenPage, open_page
from progress.people.sign_in import sign_in
from progress.sample.school import SAMPLE_PASSWORD
from tests.serving import environment, serving

USUAL_FILES = 1_024


async def open_tabs(address: str, tokens: dict[str, str], tabs: int) -> tuple[Spread, Spread]:
    """How long each tab's first run took, and a second run of each while all are open."""
    async with AsyncExitStack() as held:
        opened: list[tuple[OpenPage, str]] = []
        first = []
        for username in islice(cycle(tokens), tabs):
            page = await held.enter_async_context(open_page(address, tokens[username]))
            opened.append((page, PAGES[username][0]))
            first.append(await page.run(PAGES[username][0]))
        return spread(first), spread([await page.run(path) for page, path in opened])


def measure(folder: Path, tabs: int) -> dict[str, Any]:
    url = sample_school(folder)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL_FILES, hard))  # the server inherits it
    with serving(url, folder) as address, environment(DATABASE_URL=url, WAYMARK_VAR=str(folder)):
        tokens = {username: sign_in(username, SAMPLE_PASSWORD, "192.0.2.1") for username in PAGES}
        first, later = asyncio.run(open_tabs(address, tokens, tabs))
    return {"tabs": tabs, "first": vars(first), "later": vars(later)}


def main(tabs: Annotated[int, typer.Option(help="How many tabs are opened.")] = 400) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), tabs)))


if __name__ == "__main__":
    typer.run(main)
