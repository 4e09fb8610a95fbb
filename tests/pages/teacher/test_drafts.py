"""Marks that wait to be saved are there for the sign-in's next page, whichever process of the server computes it."""

import pytest

from data.notices import handle_notice, stop_talking_to, talk_to
from pages.teacher.recording import drafts
from progress.recording.entries import Entry

MARK = Entry(learner_id=7, module_id=2, status="Completed", score=85)


@pytest.fixture
def told() -> list[bytes]:
    """What this process says to the others."""
    return []


def test_marks_typed_in_one_process_wait_in_the_others(told: list[bytes]) -> None:
    talk_to(told.append)
    drafts.grid_draft(1, 2, "8A · Quiz")
    drafts.keep_typed(1, 2, [MARK])
    drafts.start_form()
    stop_talking_to(told.append)
    kept = drafts._kept(drafts._sign_in())
    form = kept.form
    kept.grids, kept.form = {}, "another"  # as in a process that was told nothing
    for notice in told:
        handle_notice(notice)
    assert kept.grids[1, 2].typed == {7: MARK}
    assert kept.grids[1, 2].place == "8A · Quiz"
    assert kept.form == form
