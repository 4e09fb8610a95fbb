"""What the README says can be typed, set, asked or found is there, and what there is stands in the README."""

import re

import pytest
import typer

from api.v1.application import API
from data.settings import PROJECT
from progress.commands.command_line import app

_OF_TESTS = {"WAYMARK_EVERY_QUESTION", "WAYMARK_REAL_DATA", "WAYMARK_SHARED"}
README = (PROJECT / "README.md").read_text(encoding="utf-8")
SOURCES = [
    PROJECT / "app.py",
    PROJECT / "Makefile",
    *(path for part in ("api", "data", "pages", "progress", "queries") for path in (PROJECT / part).rglob("*.py")),
]


def commands() -> set[tuple[str, ...]]:
    """Every command of `python -m progress` as the words that call it."""
    nested = vars(typer.main.get_command(app))["commands"]
    return {(name, inner) for name, command in nested.items() for inner in vars(command).get("commands", {""})}


def written_commands() -> set[tuple[str, ...]]:
    """Those that the README writes, with `create|list|revoke` taken apart."""
    written = re.findall(r"python -m progress ([a-z][a-z-]*)((?: [a-z|\\-]+)?)", README)
    return {(name, inner) for name, inners in written for inner in inners.strip().replace("\\", "").split("|")}


def test_every_command_in_the_readme_exists_and_every_command_stands_there() -> None:
    groups = {name for name, inner in commands() if inner}
    written = {(name, inner if name in groups else "") for name, inner in written_commands()}
    assert {each for each in written if each not in commands() and each[1]} == set()
    assert commands() - written == set()


def test_every_target_of_make_in_the_readme_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, flags=re.MULTILINE))
    written = set(re.findall(r"`(?:[A-Z]+=\S+ )*make ([a-z-]+)`", README)) | set(
        re.findall(r"^make ([a-z-]+)", README, re.M)
    )
    assert written - targets == set()
    assert {"run", "test", "check", "format", "lock", "setup"} <= written


def test_settings_in_the_readme_are_those_that_the_code_reads() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    read = set(re.findall(r"\bWAYMARK_[A-Z_]+\b", code))
    table = README.split("## Settings")[1].split("## The command line")[0]
    assert read - _OF_TESTS - set(re.findall(r"\bWAYMARK_[A-Z_]+\b", table)) == set()
    assert set(re.findall(r"\bWAYMARK_[A-Z_]+\b", README)) - read - _OF_TESTS == set()


@pytest.mark.parametrize(
    "path",
    sorted(set(re.findall(r"`((?:api|benchmarks|charts|data|docs|pages|progress|queries|tests)/[\w/.-]*)`", README))),
)
def test_paths_in_the_readme_exist(path: str) -> None:
    assert (PROJECT / path).exists()


def test_routes_in_the_readme_exist() -> None:
    table = README.split("| under `/api/v1` | answers |")[1].split("\n\n")[0]
    written = re.findall(r"`(?:GET|POST|PUT|DELETE) (/[^?`]*)", table)
    known = {re.sub(r"\{\w+\}", "{}", path) for path in API.openapi()["paths"]}
    assert {re.sub(r"\{\w+\}", "{}", path) for path in written} - known == set()
