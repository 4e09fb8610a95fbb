"""What is installed: exactly what was chosen and what that brings along, each package pinned and with its hashes."""

import re

import pytest

from data.settings import PROJECT

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)


def pinned(name: str) -> dict[str, str]:
    return dict(_PINNED.findall((PROJECT / name).read_text(encoding="utf-8")))


LISTS = ["requirements", "requirements-dev", "requirements-district"]


@pytest.mark.parametrize("name", LISTS)
def test_every_package_is_pinned_and_known_by_its_hashes(name: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z])", (PROJECT / f"{name}.txt").read_text(encoding="utf-8"))[1:]
    assert entries
    assert [entry for entry in entries if not _PINNED.match(entry) or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_hold_what_was_chosen(name: str) -> None:
    """Else someone changed one of them and forgot `make lock`."""
    chosen, listed = pinned(f"{name}.in"), pinned(f"{name}.txt")
    assert chosen
    assert {package: version for package, version in chosen.items() if listed.get(package) != version} == {}


@pytest.mark.parametrize("name", LISTS[1:])
def test_all_lists_pin_the_same_versions(name: str) -> None:
    runs, further = pinned("requirements.txt"), pinned(f"{name}.txt")
    assert {package for package in runs.keys() & further.keys() if runs[package] != further[package]} == set()
