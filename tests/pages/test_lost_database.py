"""The mirror's database is lost beneath a page of the running server, and the page shows its numbers all the same."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from data.mirror import close_mirrors
from data.models import User
from data.record import current_record, open_record
from data.viewer import Viewer
from progress.people.access import viewer_of
from progress.people.sign_in import sign_in
from progress.recording.events import NewEvent
from queries.course_progress import course_progress
from queries.module_progress import module_progress
from tests.pages.screen import open_page, words
from tests.pages.steps import press
from tests.pages.tabs import DESKTOP, Tabs
from tests.recording import record_event
from tests.serving import LOG, environment, serving

NOW = datetime.now(UTC)
# What the server does at a signal: nothing of it is in Waymark itself.
_AT_SIGNALS = """
import os, pathlib, signal, sys

def lose(*_):
    from data.mirror import current_mirror
    from tests.broken_mirrors import lose_the_database
    lose_the_database(current_mirror())

def lose_rows(*_):
    from data.mirror import current_mirror
    with current_mirror().reading() as cursor:
        cursor.execute("delete from record.progress_events where module_id = 1")

if "uvicorn" in sys.orig_argv:
    signal.signal(signal.SIGUSR1, lose)
    signal.signal(signal.SIGUSR2, lose_rows)
    pathlib.Path(os.environ["WAYMARK_VAR"], "pid").write_text(str(os.getpid()))
"""


class Server:
    def __init__(self, var: Path, tabs: Tabs) -> None:
        self._var, self.tabs = var, tabs

    def signal(self, which: signal.Signals) -> None:
        os.kill(int((self._var / "pid").read_text()), which)
        time.sleep(0.5)

    def log(self) -> str:
        return (self._var / LOG).read_text()


@pytest.fixture(scope="module")
def server(school_var: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    var = tmp_path_factory.mktemp("lost")
    shutil.copyfile(school_var / "waymark.db", var / "waymark.db")
    (var / "sitecustomize.py").write_text(_AT_SIGNALS)
    url = f"sqlite:///{var / 'waymark.db'}"
    with (
        environment(DATABASE_URL=url, WAYMARK_VAR=str(var)),
        serving(url, var, PYTHONPATH=str(var)) as address,
        Tabs(browser, address) as tabs,
    ):
        yield Server(var, tabs)
        close_mirrors()
    open_record(url).close()


@pytest.fixture
def student(server: Server) -> Iterator[Page]:
    with server.tabs.signed_in(sign_in("student", "waymark", "192.0.2.1"), scheme="light", width=DESKTOP) as page:
        yield page


def test_a_page_shows_its_numbers_though_the_database_is_lost_beneath_it(server: Server, student: Page) -> None:
    open_page(student, "/my_courses")
    server.signal(signal.SIGUSR1)
    viewer = signed_in_as("student")
    open_module = module_progress(viewer, learner_id=viewer.user_id).filter(status="not_started", availability="open")
    event = NewEvent("test", str(uuid4()), viewer.user_id, open_module["module_id"][0], "viewed", NOW)
    assert record_event(viewer, event).outcome == "created"  # so that nothing is answered from memory
    open_page(student, "/my_courses")
    said = words(student)
    for percentage in course_progress(viewer, learner_id=viewer.user_id)["shown_percentage"]:
        assert f"{percentage}%" in said
    assert "another one takes its place by itself" in server.log()
    assert "is being opened anew" in server.log()


def test_the_data_check_finds_lost_rows_of_the_running_server_and_says_what_it_repaired(server: Server) -> None:
    token = sign_in("admin", "waymark", "192.0.2.1")
    with server.tabs.signed_in(token, scheme="light", width=DESKTOP) as page:
        open_page(page, "/data_check")
        press(page, "Check now")
        expect(page.get_by_text("The copy that pages read holds exactly what the record holds.")).to_be_visible()
        server.signal(signal.SIGUSR2)
        press(page, "Check now")
        expect(page.get_by_text("It was built anew and is right now.")).to_be_visible()
        press(page, "Check now")
        expect(page.get_by_text("The copy that pages read holds exactly what the record holds.")).to_be_visible()


def signed_in_as(username: str) -> Viewer:
    with current_record().reading() as connection:
        return viewer_of(connection.scalars(select(User.id).where(User.username == username)).one())
