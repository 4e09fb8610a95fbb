"""The app served for a whole test file, with a small school in its record, and browsers that are signed in to it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from data.record import Record, open_record
from progress.people.sign_in import SESSION_COOKIE, sign_in
from tests.api.school import PASSWORD, School, build_school
from tests.renewal import renew
from tests.serving import PROJECT, environment, serving

SignedIn = Callable[[str], httpx.Client]


@pytest.fixture(scope="session")
def kept_record(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """One record for all test files of a worker, under one app that goes on running."""
    file = shutil.copy(migrated_sqlite_file, tmp_path_factory.mktemp("served") / "waymark.db")
    record = Record(f"sqlite:///{file}")
    yield record
    record.close()


@pytest.fixture(scope="session")
def kept_app(kept_record: Record) -> Iterator[str]:
    """The address of that app, in which one may ask more often than one file would."""
    often = "60000"
    limits = {"WAYMARK_EXPORTS_PER_MINUTE": often, "WAYMARK_READS_PER_MINUTE": often}
    with serving(kept_record.url, _folder(kept_record), port=0, started_from=PROJECT, **limits) as address:
        yield address


@pytest.fixture(scope="module")
def served_record(kept_record: Record, migrated_sqlite_file: Path) -> Iterator[Record]:
    """The record of the served app, empty at first; `current_record()` is this record here too."""
    with environment(WAYMARK_VAR=str(_folder(kept_record)), DATABASE_URL=kept_record.url):
        record = open_record(kept_record.url)
        renew(record, migrated_sqlite_file)
        record.empty_log()  # one that ends with an earlier change than its file holds would stop the next start
        yield record
        record.close()


@pytest.fixture(scope="module")
def school(served_record: Record) -> School:
    return build_school(served_record)


@pytest.fixture(scope="module")
def running_app(school: School, kept_app: str) -> str:
    """The address of the served app."""
    return kept_app


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run-time folder of an app that a file starts with settings of its own."""
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def own_app(served_record: Record, school: School, var: Path) -> Iterator[str]:
    """The app started for one file, which needs one that remembers nothing of others."""
    with serving(served_record.url, var) as address:
        yield address


@pytest.fixture(scope="module")
def token_of(school: School) -> Callable[[str], str]:
    """A new session's token for a person of the school."""
    return lambda username: sign_in(username, PASSWORD, "192.0.2.1")


@pytest.fixture(scope="module")
def signed_in(running_app: str, token_of: Callable[[str], str]) -> Iterator[SignedIn]:
    """A browser in which this person is signed in, the same one throughout the file."""
    browsers: dict[str, httpx.Client] = {}

    def browser(username: str) -> httpx.Client:
        if username not in browsers:
            cookies = {SESSION_COOKIE: token_of(username)}
            browsers[username] = httpx.Client(base_url=running_app, cookies=cookies, timeout=30)
        return browsers[username]

    yield browser
    for opened in browsers.values():
        opened.close()


@pytest.fixture
def stranger(running_app: str) -> Iterator[httpx.Client]:
    """A browser in which nobody is signed in."""
    with httpx.Client(base_url=running_app, timeout=30) as browser:
        yield browser


def _folder(record: Record) -> Path:
    return Path(record.url.removeprefix("sqlite:///")).parent
