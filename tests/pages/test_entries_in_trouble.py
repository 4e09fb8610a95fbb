"""What a teacher typed while the record is in trouble: nothing is saved, they are told so, and it stays to be saved."""

import uuid
from datetime import date

import pytest

from data.record import Record
from progress.people.access import viewer_of
from progress.recording.entries import Entry
from progress.recording.saving import save_entries
from tests.api.school import School, build_school


@pytest.fixture
def school(sqlite_record: Record) -> School:
    return build_school(sqlite_record)


def test_what_could_not_be_saved_is_said_to_be_unsaved_and_can_be_saved_again(
    sqlite_record: Record, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    turing = viewer_of(school.people["turing"])
    ada = school.people["ada"]
    entry = Entry(ada, school.algebra_modules[0], "Completed", None, date(2026, 2, 2))
    draft = str(uuid.uuid4())
    with monkeypatch.context() as away:
        away.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
        (outcome,) = save_entries(turing, [entry], draft, open_to=[ada])
    assert outcome.is_refused
    assert outcome.reason is not None
    assert outcome.reason.startswith("The record cannot be reached. Nothing was saved.")
    (outcome,) = save_entries(turing, [entry], draft, open_to=[ada])
    assert outcome.outcome == "created"
