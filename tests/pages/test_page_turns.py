"""Runs of pages take turns in the served app: nobody waits for long, neither for many pages nor for a stopped run."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from data.record import Record
from progress.people.sign_in import sign_in
from tests.api.school import PASSWORD, School, build_school
from tests.api.stream import ask_for, page_paths, run_page, stream
from tests.serving import serving


@pytest.fixture
def school(sqlite_record: Record) -> School:
    return build_school(sqlite_record)


@pytest.mark.usefixtures("school")
def test_runs_that_are_stopped_in_the_middle_give_their_turns_away(sqlite_record: Record, tmp_path: Path) -> None:
    ada = sign_in("ada", PASSWORD, "192.0.2.1")
    with serving(sqlite_record.url, tmp_path, WAYMARK_PAGE_RUNS="1") as address:
        for _ in range(5):
            with stream(address, ada) as page:
                ask_for(page, "my_courses")
                ask_for(page, "my_timeline")  # begins anew
        with ExitStack() as held:
            for _ in range(5):
                ask_for(held.enter_context(stream(address, ada)), "my_courses")
        with stream(address, sign_in("turing", PASSWORD, "192.0.2.1")) as page:
            assert "my_classes" in page_paths(run_page(page, "my_classes"))
        with stream(address, ada) as page:
            assert "my_courses" in page_paths(run_page(page, "my_courses"))
