"""Two processes behind one port: pages in both, everything else in the first, and nobody notices which one answers."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection

from data.record import Record
from progress.people.sign_in import SESSION_COOKIE, sign_in, token_mark
from tests.api.forms import hidden_fields
from tests.api.school import PASSWORD, School
from tests.api.stream import page_paths, rest_of, run_page, stream
from tests.serving import killable_server, serving

TokenAt = Callable[[str, int], str]

MOST_PAGES = 3
EVENT = {"source": "test", "kind": "scored", "score": 50, "occurred_at": "2026-03-02T09:30:00Z"}


@pytest.fixture(scope="module")
def running_app(served_record: Record, school: School, var: Path) -> Iterator[str]:
    limit = str(MOST_PAGES)
    with serving(served_record.url, var, WAYMARK_PROCESSES="2", WAYMARK_PAGES_PER_PERSON=limit) as address:
        yield address


@pytest.fixture(scope="module")
def token_at(school: School) -> TokenAt:
    """A new session of a person whose pages belong in this process."""

    def opened(username: str, process: int) -> str:
        while int(token_mark(token := sign_in(username, PASSWORD, "192.0.2.1"))[:8], 16) % 2 != process:
            pass
        return token

    return opened


def browser(address: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=address, cookies={SESSION_COOKIE: token}, timeout=30)


def workers() -> list[int]:
    """The processes of this test's server besides its first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            grandparent = int(Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if b"api.processes.worker" in words and grandparent == os.getpid():
            found.append(int(folder.name))
    return found


def connections_of(process: int) -> int:
    """How many connections of the network a process holds."""
    inodes = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]}
    names = [str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir() if file.is_symlink()]
    return sum(1 for name in names if name.removeprefix("socket:[").removesuffix("]") in inodes)


def import_page(connection: ClientConnection) -> list[ForwardMsg]:
    return run_page(connection, "import_data", "kind=spreadsheet")


def template_on(answers: list[ForwardMsg]) -> str:
    sent = b"".join(answer.SerializeToString() for answer in answers)
    found = sorted({name.decode() for name in re.findall(rb"/media/[0-9a-f]+\.[a-z]+", sent)})
    return next(name for name in found if name.endswith((".csv", ".xlsx")))


def test_pages_are_computed_in_both_processes_and_show_the_same(running_app: str, token_at: TokenAt) -> None:
    (worker,) = workers()
    shown = []
    for process in (0, 1):
        with stream(running_app, token_at("turing", process)) as page:
            shown.append(page_paths(run_page(page, "my_classes")))
            assert connections_of(worker) == process
    assert shown[0] == shown[1] != set()


@pytest.mark.parametrize("process", [0, 1])
def test_a_file_is_given_by_the_process_that_has_its_page_and_to_its_sign_in_alone(
    running_app: str, token_at: TokenAt, process: int
) -> None:
    token = token_at("head", process)
    with ExitStack() as opened:
        page = opened.enter_context(stream(running_app, token))
        path = template_on(import_page(page))
        own, another = (opened.enter_context(browser(running_app, of)) for of in (token, token_at("head", process)))
        assert [own.get(path).status_code, another.get(path).status_code] == [200, 404]


def test_a_connection_goes_on_to_the_first_process_after_a_file(running_app: str, token_at: TokenAt) -> None:
    """Limits of requests are counted in one place, whichever process the connection came by."""
    token = token_at("head", 1)
    with stream(running_app, token) as page, browser(running_app, token) as own:
        path = template_on(import_page(page))
        left = []
        for _ in range(3):
            assert own.get(path).status_code == 200
            answer = own.get("/api/v1/exports/course_summary")
            assert answer.status_code == 200, answer.text
            left.append(int(answer.headers["RateLimit"].partition("r=")[2].partition(";")[0]))
        assert left == [left[0], left[0] - 1, left[0] - 2]


def test_an_upload_reaches_the_process_of_its_page(running_app: str, token_at: TokenAt) -> None:
    token = token_at("head", 1)
    with stream(running_app, token) as page, browser(running_app, token) as own:
        (begun,) = [each.new_session for each in import_page(page) if each.HasField("new_session")]
        path, large = f"/_stcore/upload_file/{begun.initialize.session_id}/file", b"a,b\n" * 500_000
        # Streamlit's own answer to who lacks its token; the gate's to who has no such page is 404.
        assert own.put(path, files={"file": large}).status_code == 403
        with browser(running_app, token_at("head", 1)) as another:
            assert another.put(path, files={"file": b"a,b"}).status_code == 404


@pytest.mark.parametrize("process", [0, 1])
def test_signing_out_closes_pages_in_every_process_at_once(running_app: str, token_at: TokenAt, process: int) -> None:
    token = token_at("ada", process)
    with stream(running_app, token) as page, browser(running_app, token) as own:
        run_page(page, "my_courses")
        begun = time.monotonic()
        own.post("/auth/sign-out", data=hidden_fields(own.get("/auth/sign-out")), headers={"Origin": running_app})
        answers, code = rest_of(page)
        assert answers[-1].auth_redirect.url.startswith("/auth/login")
        assert code == 1008
        assert time.monotonic() - begun < 5


def test_pages_of_a_person_are_counted_in_all_processes_together(running_app: str, token_at: TokenAt) -> None:
    with ExitStack() as opened:
        for process in (0, 1, 0):
            run_page(opened.enter_context(stream(running_app, token_at("ben", process))), "my_courses")
        for process in (0, 1):
            refused = opened.enter_context(stream(running_app, token_at("ben", process)))
            assert rest_of(refused)[0][-1].auth_redirect.url == "/auth/too-many-pages"


def test_what_the_first_process_records_stands_on_pages_of_the_other(
    running_app: str, token_at: TokenAt, school: School
) -> None:
    token = token_at("mother", 1)
    with stream(running_app, token) as page, browser(running_app, token_at("head", 0)) as head:
        before = b"".join(answer.SerializeToString() for answer in run_page(page, "my_children"))
        for number, module in enumerate(school.algebra_modules):
            event = EVENT | {"user_id": school.people["ada"], "module_id": module, "kind": "completed", "score": None}
            answer = head.post(
                "/api/v1/events", json=event | {"event_id": f"e{number}"}, headers={"Origin": running_app}
            )
            assert answer.json()["verdicts"][0]["outcome"] == "created", answer.text
        after = b"".join(answer.SerializeToString() for answer in run_page(page, "my_children"))
        assert b"100%" not in before
        assert b"100%" in after


def test_the_other_processes_end_when_the_first_is_killed(sqlite_record: Record, tmp_path: Path) -> None:
    before = set(workers())
    with killable_server(sqlite_record.url, tmp_path, WAYMARK_PROCESSES="3") as (_, kill):
        started = set(workers()) - before
        kill()
        give_up = time.monotonic() + 30
        while any(Path(f"/proc/{worker}").exists() for worker in started) and time.monotonic() < give_up:
            time.sleep(0.05)
        assert len(started) == 2
        assert [worker for worker in started if Path(f"/proc/{worker}").exists()] == []


def test_another_process_takes_the_place_of_one_that_ends(running_app: str, token_at: TokenAt) -> None:
    (worker,) = workers()
    token = token_at("turing", 1)
    with stream(running_app, token) as page:
        run_page(page, "my_classes")
        os.kill(worker, signal.SIGKILL)
        rest_of(page)
    give_up = time.monotonic() + 60
    while set(workers()) <= {worker} and time.monotonic() < give_up:  # the first process has its pages meanwhile
        assert "my_classes" in pages_shown(running_app, token)
    (started,) = set(workers()) - {worker}
    with ExitStack() as opened:
        while connections_of(started) == 0 and time.monotonic() < give_up:
            opened.close()
            time.sleep(0.2)
            page = opened.enter_context(stream(running_app, token))
            assert "my_classes" in page_paths(run_page(page, "my_classes"))
        assert connections_of(started) == 1


def pages_shown(address: str, token: str) -> set[str]:
    """As a browser does, which tries again when its connection is cut."""
    for _ in range(20):
        with suppress(ConnectionClosed, InvalidHandshake), stream(address, token) as page:
            return page_paths(run_page(page, "my_classes"))
        time.sleep(0.1)
    raise AssertionError("no page could be opened")
