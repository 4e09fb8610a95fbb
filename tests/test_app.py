"""The server as a whole: how it starts, and what people see when something in it breaks."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from sqlalchemy import select, text

from api.service import releasing_modules
from data.models import CourseProgress
from data.record import Record
from progress.courses.structure import add_module, apply_due_releases
from progress.people.sign_in import SESSION_COOKIE, sign_in
from tests.api.school import PASSWORD, School, build_school
from tests.api.stream import page_paths, run_page, stream
from tests.serving import LOG, PROJECT, serving


@pytest.fixture
def school(sqlite_record: Record) -> School:
    return build_school(sqlite_record)


@pytest.fixture
def address(sqlite_record: Record, school: School, tmp_path: Path) -> Iterator[str]:
    with serving(sqlite_record.url, tmp_path) as address:
        yield address


def starting(database_url: str, var: Path) -> "subprocess.CompletedProcess[str]":
    """An attempt to start that is expected to fail."""
    return subprocess.run(
        [sys.executable, "-m", "uvicorn", "app:app", "--port", "0", "--app-dir", str(PROJECT)],
        env={"DATABASE_URL": database_url, "WAYMARK_VAR": str(var), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_record_that_is_not_migrated_stops_the_start_in_plain_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    ended = starting(url, tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == f"The record at {url} is not set up for this version. Run: python -m progress migrate\n"


def test_record_that_cannot_be_reached_stops_the_start_and_its_password_stays_secret(tmp_path: Path) -> None:
    ended = starting("postgresql://waymark:geheim@127.0.0.1:1/school", tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == (
        "The record at postgresql+psycopg://waymark:***@127.0.0.1:1/school cannot be opened. "
        "Is DATABASE_URL right, and does its server run?\n"
    )


def test_app_finds_its_pages_and_configuration_wherever_it_is_started_from(
    sqlite_record: Record, school: School, tmp_path: Path
) -> None:
    token = sign_in("ada", PASSWORD, "192.0.2.1")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with serving(sqlite_record.url, tmp_path, started_from=elsewhere) as address, stream(address, token) as connection:
        answers = run_page(connection, "my_courses")
    assert "my_courses" in page_paths(answers)
    (session,) = (answer.new_session for answer in answers if answer.WhichOneof("type") == "new_session")
    assert session.config.gather_usage_stats is False  # as .streamlit/config.toml says
    assert list(elsewhere.iterdir()) == []


def test_deep_link_straight_after_a_start_runs_the_entry_script_and_its_gate(
    sqlite_record: Record, school: School, tmp_path: Path
) -> None:
    """Streamlit has a legacy mode that makes a page of each file beside the entry script, and skips the script."""
    token = sign_in("ada", PASSWORD, "192.0.2.1")
    with serving(sqlite_record.url, tmp_path) as address:
        assert httpx.get(f"{address}/people").headers["location"] == "/auth/login?next=/people"
        with stream(address, token) as connection:
            first = run_page(connection, "people")
    own = {"my_courses", "my_course", "lecture", "my_timeline", "access_tokens", "sessions"}
    assert page_paths(first) == {"", "people", *own}  # the address that was asked for says that no page is there
    assert "There is no page at this address for you." in "".join(map(str, first))


def test_error_in_a_page_reaches_people_in_plain_words_and_the_log_in_full(
    sqlite_record: Record, address: str, tmp_path: Path
) -> None:
    token = sign_in("ada", PASSWORD, "192.0.2.1")
    with sqlite_record.writing() as tx:
        tx.execute(text("alter table schools rename to hidden_schools"))
    with stream(address, token) as connection:
        shown = "".join(str(answer) for answer in run_page(connection, "my_courses"))
    assert "Something went wrong on this page. Nothing that was recorded is lost." in shown
    assert "OperationalError" not in shown
    assert "schools" not in shown
    assert "Traceback" not in shown
    assert "no such table: schools" in (tmp_path / LOG).read_text()


def test_error_in_the_api_is_a_problem_without_its_cause(sqlite_record: Record, address: str, school: School) -> None:
    cookies = {SESSION_COOKIE: sign_in("ada", PASSWORD, "192.0.2.1")}
    with sqlite_record.writing() as tx:
        tx.execute(text("alter table schools rename to hidden_schools"))
    answer = httpx.get(f"{address}/api/v1/users/{school.people['ada']}/progress", cookies=cookies)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "schools" not in answer.text


def test_account_without_a_role_sees_no_page_and_no_number(address: str) -> None:
    with stream(address, sign_in("nobody", PASSWORD, "192.0.2.1")) as connection:
        answers = run_page(connection)
    assert page_paths(answers) == {""}


def test_module_is_released_while_the_server_runs(sqlite_record: Record, school: School) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=0.5)
    with sqlite_record.writing() as tx:
        add_module(tx, 1, "Released soon", "reading", published_at=soon)

    def total_modules() -> int | None:
        ada = (CourseProgress.user_id == school.people["ada"]) & (CourseProgress.course_id == school.algebra)
        with sqlite_record.reading() as connection:
            return connection.scalar(select(CourseProgress.total_modules).where(ada))

    assert total_modules() == 4
    with releasing_modules(seconds_between=0.1):
        give_up = monotonic() + 20
        while total_modules() == 4 and monotonic() < give_up:
            sleep(0.05)
    assert total_modules() == 5


def test_a_process_that_keeps_no_schedule_releases_nothing(sqlite_record: Record, school: School) -> None:
    with sqlite_record.writing() as tx:
        add_module(tx, 1, "Due", "reading", published_at=datetime.now(UTC) + timedelta(seconds=0.2))
    with releasing_modules(seconds_between=0.05, keeps_schedule=False):
        sleep(1)
    assert apply_due_releases(datetime.now(UTC)) == 1


def test_session_opened_on_one_replica_holds_on_another(sqlite_record: Record, school: School, tmp_path: Path) -> None:
    token = sign_in("ada", PASSWORD, "192.0.2.1")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with serving(sqlite_record.url, tmp_path / "one") as one, serving(sqlite_record.url, tmp_path / "two") as two:
        for address in (one, two):
            answer = httpx.get(f"{address}/my_courses", cookies={SESSION_COOKIE: token})
            assert answer.status_code == 200


def test_everything_works_on_postgresql_too(postgresql_record: Record, tmp_path: Path) -> None:
    school = build_school(postgresql_record)
    ada = school.people["ada"]
    happened = {"source": "test", "event_id": "1", "kind": "viewed", "occurred_at": "2026-03-02T09:30:00Z"}
    token = sign_in("ada", PASSWORD, "192.0.2.1")
    with serving(postgresql_record.url, tmp_path) as address:
        with httpx.Client(base_url=f"{address}/api/v1", cookies={SESSION_COOKIE: token}) as ours:
            sent = {**happened, "user_id": ada, "module_id": school.algebra_modules[0]}
            assert [v["outcome"] for v in ours.post("/events", json=sent).json()["verdicts"]] == ["created"]
            (course,) = ours.get(f"/users/{ada}/progress").json()["courses"]
        with stream(address, token) as connection:
            shown = run_page(connection, "my_courses")
    assert (course["completed_modules_count"], course["total_modules"]) == (1, 4)
    assert "Algebra" in "".join(str(answer) for answer in shown)
