"""What a reader always finds here: short files and functions, plain names, nothing of the machine it grew on."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.settings import PROJECT

MOST_LINES_OF_A_FILE = 250
MOST_LINES_OF_A_FUNCTION = 30

# Written by Alembic from the models, and as long as they are.
GENERATED = "data/migrations/versions/"

OF_THE_MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users|opt)/\w")
OF_A_REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|index-url|find-links|registry\.npm")
NAMES_THAT_SAY_NOTHING = re.compile(r"^(utils?|helpers?|common|managers?|misc)$")
VERBS_THAT_SAY_NOTHING = re.compile(r"^_?(get|fetch)_")

# One is what "ready" needs as its verb, the other is FastAPI's name for what is overridden there.
NAMED_SO_FOR_A_REASON = {"get_ready", "get_route_handler"}


def tracked(*suffixes: str) -> list[str]:
    """Paths of the files in version control, as text, relative to the project."""
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.splitlines() if (PROJECT / name).is_file()]
    return [name for name in names if not suffixes or name.endswith(suffixes)]


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8", errors="ignore")


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = ast.walk(ast.parse(text(name)))
    return (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How long a function is without its signature and docstring."""
    statements = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def hand_written(*suffixes: str) -> list[str]:
    return [name for name in tracked(*suffixes) if not name.startswith(GENERATED)]


def test_files_are_short() -> None:
    lengths = {name: len(text(name).splitlines()) for name in hand_written(".py", ".sql", ".toml", ".css", ".js")}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_functions_are_short() -> None:
    names = [name for name in hand_written(".py") if not name.startswith("tests/")]
    lengths = {f"{name}:{node.lineno} {node.name}": body_lines(node) for name in names for node in functions(name)}
    assert {place: lines for place, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        name for name in hand_written(".py") if text(name).strip() and not ast.get_docstring(ast.parse(text(name)))
    ]
    assert silent == []


def test_files_and_folders_are_named_after_what_they_hold() -> None:
    vague = [
        name for name in tracked() if any(NAMES_THAT_SAY_NOTHING.match(Path(part).stem) for part in Path(name).parts)
    ]
    assert vague == []


def test_functions_are_named_after_what_they_compute_or_do() -> None:
    vague = [
        f"{name}:{node.lineno} {node.name}"
        for name in hand_written(".py")
        for node in functions(name)
        if VERBS_THAT_SAY_NOTHING.match(node.name) and node.name not in NAMED_SO_FOR_A_REASON
    ]
    assert vague == []


@pytest.mark.parametrize("pattern", [OF_THE_MACHINE, OF_A_REGISTRY], ids=["paths", "registries"])
def test_nothing_tells_of_the_machine_it_was_written_on(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}"
        for name in tracked()
        if name != "tests/test_style.py"  # it spells out what it looks for
        for number, line in enumerate(text(name).splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("see /home/ann/notes", True),
        ("--find-links x", True),
        ("api/v1/work/3", False),
        ("https://a.example/home/x", False),
    ],
)
def test_patterns_find_what_they_should(line: str, is_found: bool) -> None:
    assert bool(OF_THE_MACHINE.search(line) or OF_A_REGISTRY.search(line)) == is_found
