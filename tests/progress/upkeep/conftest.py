"""A school to back up, and PostgreSQL's programs on the path."""

import pytest

from data.record import Record
from tests.postgresql_programs import path_with_programs
from tests.progress.school import School, event, open_school
from tests.recording import record_event


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path_with_programs())


@pytest.fixture
def school(record: Record) -> School:
    """Ada has read one reading."""
    school = open_school(record)
    record_event(school.viewer("ada"), event(school, "reading", "viewed"))
    return school
