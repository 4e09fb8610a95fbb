"""Several processes on PostgreSQL: each with a mirror of its own, all of one record."""

from pathlib import Path

import httpx

from data.record import Record
from progress.people.sign_in import SESSION_COOKIE, sign_in, token_mark
from tests.api.school import PASSWORD, build_school
from tests.api.stream import run_page, stream
from tests.serving import serving

EVENT = {"source": "test", "kind": "completed", "occurred_at": "2026-03-02T09:30:00Z"}


def token_at(username: str, process: int) -> str:
    """A new session whose pages belong in this process."""
    while int(token_mark(token := sign_in(username, PASSWORD, "192.0.2.1"))[:8], 16) % 2 != process:
        pass
    return token


def test_what_is_recorded_shows_on_pages_of_every_process(postgresql_record: Record, tmp_path: Path) -> None:
    school = build_school(postgresql_record)
    head = {SESSION_COOKIE: sign_in("head", PASSWORD, "192.0.2.1")}
    events = [
        EVENT | {"user_id": school.people["ada"], "module_id": module, "event_id": f"e{module}"}
        for module in school.algebra_modules
    ]
    with (
        serving(postgresql_record.url, tmp_path, WAYMARK_PROCESSES="2") as address,
        stream(address, token_at("mother", 0)) as here,
        stream(address, token_at("mother", 1)) as there,
    ):
        for page in (here, there):
            assert b"100%" not in b"".join(answer.SerializeToString() for answer in run_page(page, "my_children"))
        answer = httpx.post(f"{address}/api/v1/events", json=events, cookies=head, headers={"Origin": address})
        assert [verdict["outcome"] for verdict in answer.json()["verdicts"]] == ["created"] * 4
        for page in (here, there):
            assert b"100%" in b"".join(answer.SerializeToString() for answer in run_page(page, "my_children"))
