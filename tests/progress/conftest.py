"""What several tests of this folder start from."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from data.migrate import migrate
from data.record import Record
from progress.sample.school import load_sample


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """A record with the sample school as of today; tests only read it."""
    record = Record(f"sqlite:///{tmp_path_factory.mktemp('school') / 'waymark.db'}")
    migrate(record)
    load_sample(record, datetime.now(ZoneInfo("Europe/London")).date())
    yield record
    record.close()
