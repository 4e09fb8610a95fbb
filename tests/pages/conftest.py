"""The sample school served for a whole session, and browsers in which someone of it is signed in."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from data.models import SchoolClass, User
from data.record import Record, open_record
from data.viewer import Viewer
from progress.courses.classes import teach_class
from progress.people.access import viewer_of
from progress.people.accounts import add_user, link_guardian
from progress.people.sign_in import sign_in
from progress.recording.events import NewEvent
from progress.sample.school import load_sample
from queries.module_progress import module_progress
from tests.pages.recording import of_class
from tests.pages.screen import open_page
from tests.pages.tabs import DESKTOP, Scheme, Tabs
from tests.passwords import quick_hash
from tests.recording import record_event
from tests.serving import environment, serving

PASSWORDS = {"student": "waymark", "teacher": "waymark", "parent": "waymark", "admin": "waymark"}
OTHERS_PASSWORD = "correct horse battery"
SignedIn = Callable[..., Page]
Known = Callable[[str], Viewer]

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
def viewer(school: Record) -> Known:
    """Someone of the school as the queries know them, by username."""

    def known_as(username: str) -> Viewer:
        with school.reading() as connection:
            return viewer_of(connection.scalars(select(User.id).where(User.username == username)).one())

    return known_as


@pytest.fixture(scope="session")
def tabs(served: str, browser: Browser) -> Tabs:
    """Closed with the browser."""
    return Tabs(browser, served)


@pytest.fixture(scope="module")
def loaded(request: pytest.FixtureRequest, tabs: Tabs, school_var: Path) -> Iterator[Page]:
    """A page that is loaded once for all tests of a file that look at it.

    Its parameter: the theme, who opens it, its path, and what they do there.
    """
    scheme, username, path, *steps = request.param
    with environment(WAYMARK_VAR=str(school_var), DATABASE_URL=_url(school_var)):
        token = sign_in(username, PASSWORDS[username], "192.0.2.1")
    with tabs.signed_in(token, scheme=scheme, width=DESKTOP) as page:
        open_page(page, path)
        for step in steps:
            step(page)
        yield page


@pytest.fixture
def signed_in(tabs: Tabs, school: Record) -> Iterator[SignedIn]:
    """A tab as if new in which this person is signed in: `signed_in("parent", scheme="dark", width=PHONE)`."""
    with ExitStack() as taken:

        def tab(username: str, *, scheme: Scheme = "light", width: int = DESKTOP) -> Page:
            token = sign_in(username, PASSWORDS.get(username, OTHERS_PASSWORD), "192.0.2.1")
            return taken.enter_context(tabs.signed_in(token, scheme=scheme, width=width))

        yield tab


def in_both_themes(*states: tuple[Any, ...]) -> pytest.MarkDecorator:
    """Run the test on each of these pages, loaded in the light and in the dark."""
    return _on([(scheme, *state) for state in states for scheme in ("light", "dark")])


def in_one_theme(*states: tuple[Any, ...]) -> pytest.MarkDecorator:
    return _on([("light", *state) for state in states])


def _on(pages: list[tuple[Any, ...]]) -> pytest.MarkDecorator:
    names = ["-".join(part if isinstance(part, str) else part.__name__ for part in page) for page in pages]
    return pytest.mark.parametrize("loaded", pages, indirect=True, scope="module", ids=names)


@pytest.fixture
def amara(viewer: Known) -> Viewer:
    """The student of the sample, whom the teacher of the sample teaches in 8A and whose mother is the parent."""
    return viewer("student")


@pytest.fixture
def module(viewer: Known, amara: Viewer) -> Iterator[dict[str, object]]:
    """A module that she has not touched; whatever the test records in it is taken back."""
    counts = pl.col("counts") & (pl.col("availability") == "open") & (pl.col("status") == "not_started")
    own = module_progress(amara, learner_id=amara.user_id).filter(course_external_id="SCI-8")
    row = own.filter(counts).row(-1, named=True)
    teacher = viewer("teacher")
    before = of_class(teacher, row)
    yield row
    now = datetime.now(UTC)
    for learner_id in of_class(teacher, row).join(before, on=before.columns, how="anti", nulls_equal=True)[
        "learner_id"
    ]:
        reset = NewEvent("test", str(uuid4()), learner_id, row["module_id"], "reset", now, reason="end of the test")
        assert record_event(teacher, reset).outcome == "created"


def _add_special_cases(record: Record) -> None:
    """`norole` without a role, `newcomer` without a course, `childless` without a child, `both` with two roles.

    `both` teaches a class, and is a parent of `student` and of another child of the same name.
    """
    with record.writing() as tx:
        for username, roles in {"norole": [], "newcomer": ["student"], "childless": ["parent"]}.items():
            add_user(tx, username.title(), username=username, roles=roles)
        both = add_user(tx, "Bo Both", username="both", roles=["teacher", "parent"])
        student = tx.connection.scalars(select(User.id).where(User.username == "student")).one()
        namesake = tx.connection.scalars(select(User.full_name).where(User.username == "student")).one()
        teach_class(tx, tx.connection.scalars(select(SchoolClass.id).order_by(SchoolClass.id)).first(), both)
        link_guardian(tx, both, student)
        link_guardian(tx, both, add_user(tx, namesake, roles=["student"]))
    let_sign_in_quickly(record)


def let_sign_in_quickly(record: Record) -> None:
    """Everyone with a username: by the sample's password or, who is not in it, by the others'."""
    with record.writing() as tx:
        for is_sample, password in ((True, "waymark"), (False, OTHERS_PASSWORD)):
            whom = User.username.is_not(None) & (User.username.in_(PASSWORDS) == is_sample)
            tx.execute(update(User).where(whom).values(password_hash=quick_hash(password)))


def _url(var: Path) -> str:
    return f"sqlite:///{var / 'waymark.db'}"
