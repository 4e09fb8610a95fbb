"""The record in trouble: the server says so, reads go on, nothing is lost unnoticed, and all is well afterwards."""

import socket
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from sqlalchemy.engine import make_url
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data.record import Record
from progress.people.sign_in import SESSION_COOKIE, sign_in
from tests.api.school import PASSWORD, School, build_school
from tests.api.stream import run_page, stream
from tests.serving import LOG, serving


class Line:
    """A TCP port that leads to PostgreSQL's socket, and can be cut."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.open: list[socket.socket] = []
        self.is_cut = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        for each in self.open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.open.clear()
        self.is_cut = False

    def _accept(self) -> None:
        while True:
            caller, _ = self.listener.accept()
            if self.is_cut:
                caller.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.target)
            self.open += [caller, server]
            for source, sink in ((caller, server), (server, caller)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                sink.sendall(piece)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def eventually(is_so: Callable[[], bool], seconds: float = 20) -> None:
    give_up = monotonic() + seconds
    while not is_so():
        assert monotonic() < give_up
        sleep(0.2)


def text_of(answers: list[ForwardMsg]) -> str:
    return " ".join(str(answer) for answer in answers)


def event(school: School, event_id: str) -> dict[str, Any]:
    about = {"user_id": school.people["ada"], "module_id": school.algebra_modules[0], "kind": "viewed"}
    return {"source": "lms", "event_id": event_id, "occurred_at": datetime.now(UTC).isoformat(), **about}


def readiness(browser: httpx.Client) -> tuple[int, dict[str, Any]]:
    answer = browser.get("/ready")
    return answer.status_code, answer.json()


def check_unavailable(answer: httpx.Response) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert int(answer.headers["retry-after"]) > 0
    detail: str = answer.json()["detail"]
    return detail


@contextmanager
def served(record: Record, var: Path, username: str) -> Iterator[httpx.Client]:
    """A browser in which this person is signed in, at the record's server."""
    token = sign_in(username, PASSWORD, "192.0.2.1")
    with (
        serving(record.url, var) as address,
        httpx.Client(base_url=address, cookies={SESSION_COOKIE: token}, timeout=60) as browser,
    ):
        yield browser


def test_a_database_that_is_away_is_said_and_survived(
    postgresql_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = build_school(postgresql_record)
    url = make_url(postgresql_record.url)
    line = Line(f"{url.query['host']}/.s.PGSQL.5432")
    by_line = url.set(host="127.0.0.1", port=line.port, query={}).render_as_string(hide_password=False)
    token = sign_in("ada", PASSWORD, "192.0.2.1")
    monkeypatch.setenv("WAYMARK_VAR", str(tmp_path))
    with serving(by_line, tmp_path) as address, httpx.Client(base_url=address, timeout=60) as browser:
        browser.cookies[SESSION_COOKIE] = token
        assert readiness(browser) == (200, {"ready": True, "record": "usable", "mirror": "usable"})
        with stream(address, token) as page:
            assert "As of" in text_of(run_page(page, "my_courses"))
            line.cut()
            shown = text_of(run_page(page, "my_courses"))
            assert "The record cannot be reached. What you see is as of" in shown
            assert "Algebra" in shown
            recorded = browser.post("/api/v1/events", json=event(school, "away"))
            assert "Nothing was stored" in check_unavailable(recorded)
            statements = {"X-Experience-API-Version": "1.0.3"}
            check_unavailable(browser.get("/xapi/statements", headers=statements))
            assert browser.get("/health").status_code == 200
            assert browser.get("/auth/login").status_code == 303
            sleep(2)  # for as long as an answer is kept
            status, said = readiness(browser)
            assert (status, said["ready"], said["record"]) == (503, False, "The record cannot be reached.")
            assert "postgres" not in str(said)
            line.mend()
            eventually(lambda: readiness(browser)[0] == 200)
            assert (
                browser.post("/api/v1/events", json=event(school, "back")).json()["verdicts"][0]["outcome"] == "created"
            )
            assert "cannot be reached" not in text_of(run_page(page, "my_courses"))
    assert "Traceback" not in (tmp_path / LOG).read_text()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB, where the tests may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_is_said_and_survived(
    small_disk: Path, migrated_sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = small_disk / "waymark.db"
    file.write_bytes(migrated_sqlite_file.read_bytes())
    monkeypatch.setenv("WAYMARK_VAR", str(small_disk))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    record = Record(f"sqlite:///{file}")
    school = build_school(record)
    with served(record, small_disk, "ada") as browser:
        assert readiness(browser)[0] == 200
        filler = small_disk / "filler"
        with filler.open("wb") as output, suppress(OSError):
            while True:
                output.write(bytes(65_536))
                output.flush()
        answers = [browser.post("/api/v1/events", json=event(school, f"full-{n}")) for n in range(60)]
        refused = [answer for answer in answers if answer.status_code == 503]
        assert "The disk of the server is full. Nothing was stored." in check_unavailable(refused[0])
        assert browser.get(f"/api/v1/users/{school.people['ada']}/progress").status_code == 200
        assert browser.get("/health").status_code == 200
        sleep(2)
        assert readiness(browser) == (
            503,
            {"ready": False, "record": "The disk of the server is full.", "mirror": "usable"},
        )
        filler.unlink()
        eventually(lambda: readiness(browser)[0] == 200)
        stored = browser.post("/api/v1/events", json=[event(school, f"full-{n}") for n in range(60)]).json()["verdicts"]
        outcomes = ["duplicate" if answer.status_code == 200 else "created" for answer in answers]
        assert [verdict["outcome"] for verdict in stored] == outcomes
    record.close()


def test_a_connection_serves_on_after_an_answer_that_failed(sqlite_record: Record, tmp_path: Path) -> None:
    school = build_school(sqlite_record)
    with served(sqlite_record, tmp_path, "head") as browser:
        with sqlite_record.writing() as tx:
            tx.connection.exec_driver_sql("alter table progress_events rename to away")
        for _ in range(3):
            failed = browser.post("/api/v1/events", json=event(school, "lost"))
            assert failed.status_code == 500
            assert browser.get("/health").text == "alive"
        with sqlite_record.writing() as tx:
            tx.connection.exec_driver_sql("alter table away rename to progress_events")
        assert browser.post("/api/v1/events", json=event(school, "lost")).status_code == 200


def test_damage_that_somebody_came_upon_is_not_ready(sqlite_record: Record, tmp_path: Path) -> None:
    school = build_school(sqlite_record)
    path = Path(sqlite_record.url.removeprefix("sqlite:///"))
    with served(sqlite_record, tmp_path, "head") as browser:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        with path.open("r+b") as file:  # all that stands in it but its first page, which says what is where
            file.seek(8_192)
            file.write(b"\xff" * (path.stat().st_size - 8_192))
        refused = [browser.post("/api/v1/events", json=event(school, "damaged")) for _ in range(3)][-1]
        assert "Part of the record cannot be read." in check_unavailable(refused)
        sleep(2)
        assert readiness(browser)[1]["record"] == "Part of the record cannot be read."
