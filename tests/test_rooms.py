"""Each folder of `api`, `pages`, `progress` and `queries` imports only the folders that its docstring names.

Its own inner folders need no naming, and inner folders may import what the one around them may.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from data.settings import PROJECT

PARTS = ("api", "pages", "progress", "queries")

# What starts everything may import everything: `python -m …`, Streamlit's entry script, the server's life.
ENTRANCES = {"progress/__main__.py", "queries/__main__.py", "pages/navigation.py", "api/service.py"}


def rooms() -> list[str]:
    """Every package with a docstring, as a dotted name: `progress`, `progress.people`, …"""
    folders = [init.parent for part in PARTS for init in sorted((PROJECT / part).rglob("__init__.py"))]
    return [".".join(folder.relative_to(PROJECT).parts) for folder in folders]


@cache
def docstring(room: str) -> str:
    return ast.get_docstring(ast.parse((PROJECT / room.replace(".", "/") / "__init__.py").read_text("utf-8"))) or ""


def named(room: str) -> set[str]:
    """The rooms that the sentence beginning with “Imports” names, each within the same part."""
    sentence = " ".join(re.findall(r"Imports [^.]*(?:\.\w[^.]*)*", docstring(room)))
    part = room.split(".")[0]
    found = re.findall(r"`([\w.]+)`", sentence)
    return {name if name == part else f"{part}.{name}" for name in found}


def room_of(module: str) -> str:
    """The innermost room that holds a module, which may itself be a room."""
    parts = module.split(".")
    known = set(rooms())
    return next(".".join(parts[:n]) for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in known)


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and module of each import; a module that is imported from its package counts, not the package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            is_package = (PROJECT / node.module.replace(".", "/")).is_dir()
            names = [f"{node.module}.{alias.name}" for alias in node.names] if is_package else [node.module]
            yield from ((node.lineno, name) for name in names)


@cache
def arrows() -> list[tuple[str, str, str]]:
    """(from room, to room, place) of each import that leaves its room and stays within its part."""
    found = []
    for part in PARTS:
        for path in sorted((PROJECT / part).rglob("*.py")):
            place = path.relative_to(PROJECT).as_posix()
            own = room_of(".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"))
            if place not in ENTRANCES:
                inner = [(line, room_of(name)) for line, name in imported(path) if name.split(".")[0] == part]
                found += [(own, target, f"{place}:{line}") for line, target in inner if target != own]
    return found


@pytest.mark.parametrize("room", rooms())
def test_a_room_says_in_five_lines_what_belongs_there(room: str) -> None:
    assert 1 <= len(docstring(room).splitlines()) <= 5


@pytest.mark.parametrize("room", rooms())
def test_a_room_imports_only_its_own_folders_and_those_that_it_names(room: str) -> None:
    around = [room, *(outer for outer in rooms() if room.startswith(f"{outer}."))]
    allowed = {name for each in around for name in named(each)}
    foreign = [(target, place) for own, target, place in arrows() if own == room and not target.startswith(f"{room}.")]
    assert [(target, place) for target, place in foreign if not any(_lies_in(target, one) for one in allowed)] == []


@pytest.mark.parametrize("room", rooms())
def test_a_room_names_only_what_it_imports(room: str) -> None:
    targets = {target for own, target, _ in arrows() if _lies_in(own, room)}
    assert {one for one in named(room) if not any(_lies_in(target, one) for target in targets)} == set()


def test_no_circle_between_rooms() -> None:
    onward: dict[str, set[str]] = {room: set() for room in rooms()}
    for own, target, _ in arrows():
        onward[own].add(target)
    assert {room for room in onward if room in _reachable(room, onward)} == set()


def test_the_arrows_are_found() -> None:
    found = {(own, target) for own, target, _ in arrows()}
    assert {("progress.recording", "progress.courses"), ("queries", "queries.asking")} <= found


def _lies_in(room: str, folder: str) -> bool:
    """Whether a room is this folder or one within it. The root of a part holds only what lies flat in it."""
    return room == folder or (folder not in PARTS and room.startswith(f"{folder}."))


def _reachable(start: str, onward: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(onward[start])
    while waiting:
        room = waiting.pop()
        if room not in seen:
            seen.add(room)
            waiting += onward[room]
    return seen
