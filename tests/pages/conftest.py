"""The sample school served for a whole session, and browsers in which someone of it is signed in."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from data.models import SchoolClass, User
from data.record import Record, open_record
from data.viewer import Viewer
from progress.access import viewer_of
from progress.people import add_user, link_guardian, teach_class
from progress.sample import load_sample
from progress.sign_in import SESSION_COOKIE, sign_in
from tests.serving import serving

PASSWORDS = {"student": "waymark", "teacher": "waymark", "parent": "waymark", "admin": "waymark"}
OTHERS_PASSWORD = "correct horse battery"
DESKTOP, PHONE = 1280, 390
A_PHONE: dict[str, Any] = {
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
}

SignedIn = Callable[..., Page]

expect.set_options(timeout=30_000)  # a machine that also does other things


@pytest.fixture(scope="session")
def school_var(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run-time folder of the sample school, with a few more people: see `_add_special_cases`."""
    var = tmp_path_factory.mktemp("school")
    shutil.copyfile(migrated_sqlite_file, var / "waymark.db")
    record = Record(_url(var))
    load_sample(record)
    _add_special_cases(record)
    record.close()
    return var


@pytest.fixture(scope="session")
def served(school_var: Path) -> Iterator[str]:
    """The address of the served school."""
    with serving(_url(school_var), school_var) as address:
        yield address


@pytest.fixture
def school(school_var: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
    """The record of the served school; `current_record()` is this record here too."""
    monkeypatch.setenv("WAYMARK_VAR", str(school_var))
    monkeypatch.setenv("DATABASE_URL", _url(school_var))
    return open_record(_url(school_var))


@pytest.fixture
def viewer(school: Record) -> Callable[[str], Viewer]:
    """Someone of the school as the queries know them, by username."""

    def known_as(username: str) -> Viewer:
        with school.reading() as connection:
            return viewer_of(connection.scalars(select(User.id).where(User.username == username)).one())

    return known_as


@pytest.fixture
def signed_in(served: str, school: Record, browser: Browser) -> Iterator[SignedIn]:
    """A new tab in which this person is signed in: `signed_in("parent", scheme="dark", width=PHONE)`."""
    contexts = []

    def tab(username: str, *, scheme: str = "light", width: int = DESKTOP) -> Page:
        context = browser.new_context(
            base_url=served,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            **(A_PHONE if width == PHONE else {}),
        )
        contexts.append(context)
        token = sign_in(username, PASSWORDS.get(username, OTHERS_PASSWORD), "192.0.2.1")
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": served}])
        return context.new_page()

    yield tab
    for context in contexts:
        context.close()


def _add_special_cases(record: Record) -> None:
    """`norole` without a role, `newcomer` without a course, `childless` without a child, `both` with two roles.

    `both` teaches a class, and is a parent of `student` and of another child of the same name.
    """
    with record.writing() as tx:
        for username, roles in {"norole": [], "newcomer": ["student"], "childless": ["parent"]}.items():
            add_user(tx, username.title(), username=username, password=OTHERS_PASSWORD, roles=roles)
        both = add_user(tx, "Bo Both", username="both", password=OTHERS_PASSWORD, roles=["teacher", "parent"])
        student = tx.connection.scalars(select(User.id).where(User.username == "student")).one()
        namesake = tx.connection.scalars(select(User.full_name).where(User.username == "student")).one()
        teach_class(tx, tx.connection.scalars(select(SchoolClass.id).order_by(SchoolClass.id)).first(), both)
        link_guardian(tx, both, student)
        link_guardian(tx, both, add_user(tx, namesake, roles=["student"]))


def _url(var: Path) -> str:
    return f"sqlite:///{var / 'waymark.db'}"
