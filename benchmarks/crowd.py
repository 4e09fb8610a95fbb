"""Many visitors at once: runs a second, first pages and later ones of 1, 10, 30 and 100, by the shared load generator.

`python -m benchmarks.crowd [--before FOLDER] [--processes 2] [--rounds 3]` serves a sample school and lets
`page_load.py` of the folder WAYMARK_SHARED ask for the first page of a teacher and of a student. `--before` is another
checkout of this project with its `.venv`: both are served at the same time and asked in turn, because a machine's speed
changes from minute to minute. Prints JSON, a line for each page and number of visitors: medians of the rounds.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from benchmarks.page_run import PAGE_LOAD
from data.settings import PROJECT
from progress.sample.school import SAMPLE_PASSWORD

RUNS = {1: 60, 10: 15, 30: 8, 100: 4}  # of each visitor, by how many there are
FIRST_PAGES = {"teacher": "my_classes", "student": "my_courses"}

# In a process of its own, because another checkout brings other modules of the same names.
_SERVE = """
import sys
from pathlib import Path
from benchmarks.page_run import sample_school
from tests.serving import serving
folder = Path(sys.argv[1])
with serving(sample_school(folder), folder, WAYMARK_PROCESSES=sys.argv[2]) as address:
    print(address, flush=True)
    sys.stdin.read()
"""

Figures = dict[str, Any]


class Served(NamedTuple):
    """A server: its address, and the process that started it."""

    address: str
    process: int


@contextmanager
def served(checkout: Path, processes: int) -> Iterator[Served]:
    """A checkout that serves a sample school of its own."""
    python = checkout / ".venv" / "bin" / "python"
    with tempfile.TemporaryDirectory() as folder:
        command = [str(python), "-c", _SERVE, folder, str(processes)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=checkout, stdin=pipe, stdout=pipe, text=True) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            yield Served(server.stdout.readline().strip(), server.pid)
            server.stdin.close()


def processor_seconds(process: int) -> float:
    """What all processes below this one have used: unlike a clock it does not count what else the machine does."""
    used, parents = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            number = int(stat.parent.name)
            parents[number], used[number] = int(fields[1]), int(fields[11]) + int(fields[12])
    below = {process}
    while more := {each for each, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(used[each] for each in below - {process}) / os.sysconf("SC_CLK_TCK")


def visit(server: Served, user: str, visitors: int) -> Figures:
    asked = ["--page", FIRST_PAGES[user], "--user", user, "--password", SAMPLE_PASSWORD]
    many = ["--sessions", str(visitors), "--runs", str(RUNS[visitors])]
    before = processor_seconds(server.process)
    done = subprocess.run([sys.executable, PAGE_LOAD, server.address, *asked, *many], capture_output=True, text=True)
    used = processor_seconds(server.process) - before
    found = json.loads(done.stdout)
    return {
        "runs_a_second": found["runs_per_s"],
        "last_first_page_ms": found["first"]["p99_ms"],
        "p95_ms": found["later"]["p95_ms"],
        "processor_ms_a_run": 1000 * used / (visitors * RUNS[visitors]),
        "errors": found["errors"],
    }


def medians(rounds: list[Figures]) -> Figures:
    return {name: round(statistics.median(each[name] for each in rounds), 1) for name in rounds[0]}


def measure(servers: dict[str, Served], rounds: int) -> None:
    for user in FIRST_PAGES:
        for visitors in RUNS:
            found: defaultdict[str, list[Figures]] = defaultdict(list)
            for number in range(rounds):
                in_turn = list(servers) if number % 2 else list(reversed(servers))
                for name in in_turn:
                    found[name].append(visit(servers[name], user, visitors))
            for name in servers:
                print(json.dumps({"user": user, "visitors": visitors, "of": name, **medians(found[name])}), flush=True)


def main(
    before: Annotated[Path | None, typer.Option(help="Another checkout to compare with.")] = None,
    processes: Annotated[int, typer.Option(help="How many serve together.")] = 2,
    rounds: Annotated[int, typer.Option(help="How often each is measured.")] = 3,
) -> None:
    with ExitStack() as opened:
        servers = {}
        if before is not None:
            servers["before"] = opened.enter_context(served(before, 1))
        servers["one process"] = opened.enter_context(served(PROJECT, 1))
        if processes > 1:
            servers[f"{processes} processes"] = opened.enter_context(served(PROJECT, processes))
        measure(servers, rounds)


if __name__ == "__main__":
    typer.run(main)
