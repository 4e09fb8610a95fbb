"""The record store as a system of the school reaches it: with a token of an administrator's."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.xapi.conformance.parts import RELATED
from tests.api.xapi.conftest import Program


@pytest.fixture(scope="module")
def lrs(program: Program) -> httpx.Client:
    return program("head")


@pytest.fixture(scope="module")
def stored(lrs: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Store a statement and return it as it was sent."""

    def store(statement: dict[str, Any]) -> dict[str, Any]:
        answer = lrs.post("/xapi/statements", json=statement)
        assert answer.status_code == 200, answer.text
        return {**statement, "id": answer.json()[0]}

    return store


@pytest.fixture(scope="module")
def related(stored: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A stored statement that names people and activities in every place where they may stand."""
    return stored(RELATED)
