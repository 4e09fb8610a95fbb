"""How long a run of each page takes for one visitor; the goal is a 95th percentile of at most 100 ms.

Serves DATABASE_URL's record, or a new sample school, and lets `page_load.py` from the folder WAYMARK_SHARED (default
../shared) request every page of every role. One line of JSON per page. Another record needs the sample's accounts
(student, teacher, parent, admin); pages of missing accounts are left out.

    python -m benchmarks.page_run [runs]
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from data.migrate import migrate
from data.record import open_record
from data.settings import PROJECT, settings
from progress.people.accounts import UnknownUsername, user_id_of
from progress.sample.school import SAMPLE_PASSWORD, load_sample
from tests.serving import serving

PAGE_LOAD = Path(os.environ.get("WAYMARK_SHARED") or PROJECT.parent / "shared") / "tools" / "page_load.py"
GOAL_P95_MS = 100.0
PAGES = {
    "student": ("my_courses", "my_course", "my_timeline"),
    "teacher": ("my_classes", "class_progress", "learner_progress", "record_progress"),
    "parent": ("my_children", "child_progress", "child_timeline"),
    "admin": ("course_completion", "cohort_trend", "people", "data_check"),
}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as folder:
        url = settings().database_url if os.environ.get("DATABASE_URL") else sample_school(Path(folder))
        asked = [(user, page) for user in accounts(url) for page in PAGES[user]]
        with serving(url, Path(folder)) as address:
            slow = [page for user, page in asked if measure(address, user, page, runs)]
    print(json.dumps({"goal_p95_ms": GOAL_P95_MS, "slower_pages": slow}))


def measure(address: str, user: str, page: str, runs: int) -> bool:
    """Print the page's figures; returns whether it is slower than the goal, or fails."""
    asked = ["--page", page, "--user", user, "--password", SAMPLE_PASSWORD, "--sessions", "1", "--runs", str(runs)]
    done = subprocess.run([sys.executable, PAGE_LOAD, address, *asked], capture_output=True, text=True)
    figures = json.loads(done.stdout or "{}")
    print(json.dumps({"page": page, "user": user, **figures}), done.stderr, flush=True)
    return done.returncode != 0 or figures["later"]["p95_ms"] > GOAL_P95_MS


def accounts(url: str) -> list[str]:
    """Which of the sample's accounts the record has."""
    found = []
    with open_record(url).reading() as connection:
        for username in PAGES:
            with suppress(UnknownUsername):
                user_id_of(connection, username)
                found.append(username)
    return found


def sample_school(folder: Path) -> str:
    record = open_record(f"sqlite:///{folder / 'waymark.db'}")
    migrate(record)
    load_sample(record)
    return record.url


if __name__ == "__main__":
    main()
