"""A restore while the server runs: the next answer is the restored record's, and nobody has to restart anything."""

import subprocess
import sys
from pathlib import Path

import httpx

from data.backup import write_backup
from data.record import Record
from data.settings import PROJECT
from progress.people.sign_in import SESSION_COOKIE, sign_in
from tests.api.school import PASSWORD, build_school
from tests.serving import serving


def test_the_next_answer_of_a_running_server_is_the_restored_records(sqlite_record: Record, tmp_path: Path) -> None:
    school = build_school(sqlite_record)
    zoe = school.people["zoe"]
    backup = tmp_path / "monday.backup"
    write_backup(sqlite_record, backup)
    event = {"source": "test", "event_id": "1", "user_id": zoe, "module_id": school.biology_module, "kind": "viewed"}

    def shown(address: str) -> int:
        """Zoe's modules that are complete, asked for in a new sign-in."""
        cookies = {SESSION_COOKIE: sign_in("zoe", PASSWORD, "192.0.2.1")}
        (course,) = httpx.get(f"{address}/api/v1/users/{zoe}/progress", cookies=cookies).json()["courses"]
        return int(course["completed_modules_count"])

    with serving(sqlite_record.url, tmp_path) as address:
        token = sign_in("zoe", PASSWORD, "192.0.2.1")
        sent = {**event, "occurred_at": "2026-03-02T09:30:00Z"}
        recorded = httpx.post(
            f"{address}/api/v1/events", json=sent, headers={"Origin": address}, cookies={SESSION_COOKIE: token}
        )
        assert recorded.json()["verdicts"][0]["outcome"] == "created"
        assert shown(address) == 1
        restoring = [sys.executable, "-m", "progress", "restore", str(backup), "--replace"]
        done = subprocess.run(restoring, cwd=PROJECT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert shown(address) == 0
        before = httpx.get(f"{address}/api/v1/users/{zoe}/progress", cookies={SESSION_COOKIE: token})
        assert before.status_code == 401
