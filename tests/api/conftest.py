"""The app served for a whole test file, with a small school in its record, and browsers that are signed in to it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from data.record import Record, open_record
from progress.people.sign_in import SESSION_COOKIE, sign_in
from tests.api.school import PASSWORD, School, build_school
from tests.serving import serving

SignedIn = Callable[[str], httpx.Client]


@pytest.fixture(scope="module")
def served_record(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The record of the served app; `current_record()` is this record here too."""
    var = tmp_path_factory.mktemp("served")
    shutil.copyfile(migrated_sqlite_file, var / "waymark.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAYMARK_VAR", str(var))
        patch.setenv("DATABASE_URL", f"sqlite:///{var / 'waymark.db'}")
        record = open_record(f"sqlite:///{var / 'waymark.db'}")
        yield record
        record.close()


@pytest.fixture(scope="module")
def school(served_record: Record) -> School:
    return build_school(served_record)


@pytest.fixture(scope="module")
def var(served_record: Record) -> Path:
    return Path(served_record.url.removeprefix("sqlite:///")).parent


@pytest.fixture(scope="module")
def running_app(served_record: Record, school: School, var: Path) -> Iterator[str]:
    """The address of the served app."""
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
