"""After a stop the record's file alone is the whole record: whoever copies it loses nothing."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from subprocess import PIPE, STDOUT

import httpx
import pytest

from data.record import Record
from data.settings import PROJECT
from progress.people.accounts import add_user
from progress.people.sign_in import SESSION_COOKIE, sign_in
from tests.api.school import PASSWORD, build_school
from tests.api.stream import run_page, stream
from tests.serving import serving

EVENTS = 30


def events_of_copy(record: Record, folder: Path) -> int:
    """How many events the record's file holds without anything that lies beside it."""
    copy = folder / "copy.db"
    shutil.copyfile(record.engine.url.database or "", copy)
    with closing(sqlite3.connect(copy)) as connection:
        (count,) = connection.execute("select count(*) from progress_events").fetchone()
        return int(count)


@pytest.mark.parametrize(("has_page_open", "processes"), [(False, 1), (True, 1), (True, 2)])
def test_events_that_a_stopped_server_recorded_are_all_in_the_file(
    sqlite_record: Record, tmp_path: Path, has_page_open: bool, processes: int
) -> None:
    school = build_school(sqlite_record)
    token = sign_in("turing", PASSWORD, "192.0.2.1")
    event = {"source": "test", "user_id": school.people["ada"], "kind": "scored", "score": 50}
    with ExitStack() as pages, serving(sqlite_record.url, tmp_path, WAYMARK_PROCESSES=str(processes)) as address:
        if has_page_open:
            run_page(pages.enter_context(stream(address, token)), "my_classes")
        for number in range(EVENTS):
            answer = httpx.post(
                f"{address}/api/v1/events",
                cookies={SESSION_COOKIE: token},
                headers={"Origin": address},
                json={
                    **event,
                    "event_id": str(number),
                    "module_id": school.algebra_modules[number % 4],
                    "occurred_at": "2026-03-02T09:30:00Z",
                },
            )
            assert answer.json()["verdicts"][0]["outcome"] == "created", answer.text
    # `serving` ended it with SIGTERM, while this process, which reads the record too, keeps its log from being removed
    assert events_of_copy(sqlite_record, tmp_path) == EVENTS


@pytest.mark.parametrize("sent", [None, signal.SIGINT, signal.SIGTERM])
def test_a_command_leaves_everything_in_the_file_however_it_ends(
    sqlite_record: Record, tmp_path: Path, sent: signal.Signals | None
) -> None:
    """It waits for a password to be typed, with a log beside the file that this process filled and holds on to."""
    with sqlite_record.writing() as tx:
        add_user(tx, "Ann", username="ann", roles=["teacher"])
    log = Path(f"{sqlite_record.engine.url.database}-wal")
    assert log.stat().st_size > 0
    arguments = [sys.executable, "-m", "progress", "user", "password", "ann"]
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # tests in the background may ignore it
    with subprocess.Popen(
        arguments, cwd=PROJECT, stdin=PIPE, stdout=PIPE, stderr=STDOUT, preexec_fn=heeding
    ) as command:
        assert command.stdin is not None
        assert command.stdout is not None
        if sent is None:
            command.communicate(b"a long enough password\na long enough password\n")
        else:
            assert command.stdout.read(1)  # it asks
            _stop(command, sent)
    assert log.stat().st_size == 0


def _stop(command: "subprocess.Popen[bytes]", sent: signal.Signals, tries: int = 3) -> None:
    """As someone does at a keyboard: Python loses a signal that comes while it tidies up, so it is sent once more."""
    for _ in range(tries):
        command.send_signal(sent)
        with suppress(subprocess.TimeoutExpired):
            command.wait(timeout=20)
            return
    raise AssertionError(f"{sent.name} was sent {tries} times")
