"""How long `/health` takes while one account sends bodies that are expensive to validate; the goal is 200 ms at most.

`python -m benchmarks.hostile_bodies` serves a sample school and posts each body of `tests/api/answers/test_bodies.py`
four times at once. One line of JSON for each.
"""

import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from benchmarks.page_run import sample_school
from progress.people.sign_in import SESSION_COOKIE, sign_in
from progress.sample.school import SAMPLE_PASSWORD
from tests.api.answers.test_bodies import HOSTILE, HOSTILE_STATEMENTS, JSON, asking_for_health
from tests.serving import environment, serving

GOAL_MS = 200.0
AT_ONCE = 4


def measure(address: str, cookies: dict[str, str], path: str, kind: str, body: bytes) -> None:
    headers = JSON | {"X-Experience-API-Version": "1.0.3"}

    def post() -> httpx.Response:
        return httpx.post(address + path, content=body, headers=headers, cookies=cookies, timeout=120)

    with asking_for_health(address) as slowest, ThreadPoolExecutor(AT_ONCE) as threads:
        began = time.perf_counter()
        answers = [each.result() for each in [threads.submit(post) for _ in range(AT_ONCE)]]
        took = time.perf_counter() - began
        health_ms = round(1_000 * slowest(), 1)
    sizes = {"body_bytes": len(body), "answer_bytes": len(answers[0].content)}
    figures = {"answered_within_ms": round(1_000 * took), "health_max_ms": health_ms, "goal_ms": GOAL_MS}
    print(json.dumps({"path": path, "kind": kind, "status": answers[0].status_code, **sizes, **figures}), flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sample_school(Path(folder))
        with serving(url, Path(folder)) as address, environment(DATABASE_URL=url, WAYMARK_VAR=folder):
            cookies = {SESSION_COOKIE: sign_in("student", SAMPLE_PASSWORD, "192.0.2.1")}
            for kind, (body, _) in HOSTILE.items():
                measure(address, cookies, "/api/v1/events", kind, body)
            for kind, statements in HOSTILE_STATEMENTS.items():
                measure(address, cookies, "/xapi/statements", kind, statements)


if __name__ == "__main__":
    main()
