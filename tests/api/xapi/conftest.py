"""The served school with a lecture that other systems know by an id of theirs, and programs that hold tokens."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from data.models import Course, User
from data.record import Record
from progress.courses.structure import add_course, add_module, add_unit
from progress.people.access_tokens import create_token
from progress.xapi.record.provisioning import set_provisioning
from tests.api.school import TERM_START, School
from tests.api.xapi.statements import COURSE, OPEN_COURSE, VIDEO, VIDEO_SECONDS, account_of

Program = Callable[..., httpx.Client]

HEADERS = {"X-Experience-API-Version": "1.0.3"}


@pytest.fixture(scope="module")
def lecture(school: School, served_record: Record) -> int:
    """A lecture in algebra, known to others as VIDEO; everyone has an account at the video system."""
    with served_record.writing() as tx:
        unit = add_unit(tx, school.algebra, "Films")
        module = add_module(
            tx, unit, "A film", "lecture", duration_seconds=VIDEO_SECONDS, published_at=TERM_START, external_id=VIDEO
        )
        add_module(tx, unit, "A quiz", "quiz", pass_mark=60, published_at=TERM_START, external_id=f"{VIDEO}/quiz")
        for name, user_id in school.people.items():
            known = {"external_id": account_of(name), "email": f"{name}@school.example"}
            tx.execute(update(User).where(User.id == user_id).values(**known, changed_in=tx.number))
        algebra = update(Course).where(Course.id == school.algebra)
        tx.execute(algebra.values(external_id=COURSE, changed_in=tx.number))
        opened = add_course(tx, "Open course", external_id=OPEN_COURSE)
        set_provisioning(tx, opened, True)
    return module


@pytest.fixture(scope="module")
def program(running_app: str, served_record: Record, school: School, lecture: int) -> Iterator[Program]:
    """A program with a token of this person, the same one throughout the file for the same scopes."""
    opened: dict[Any, httpx.Client] = {}

    def of(username: str, *scopes: str) -> httpx.Client:
        key = (username, scopes or ("read", "record"))
        if key not in opened:
            with served_record.writing() as tx:
                expires = datetime.now(UTC) + timedelta(days=1)
                token = create_token(tx, school.people[username], "Player", key[1], expires).token
            headers = {**HEADERS, "Authorization": f"Bearer {token}"}
            opened[key] = httpx.Client(base_url=running_app, headers=headers, timeout=60)
        return opened[key]

    yield of
    for client in opened.values():
        client.close()
