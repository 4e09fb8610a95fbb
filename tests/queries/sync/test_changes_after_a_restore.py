"""A device that follows a learner when the record was restored from a backup: it never mixes two histories."""

import shutil
from base64 import b64decode, urlsafe_b64encode
from pathlib import Path

import pytest

from data.mirror import close_mirrors
from data.record import Record
from data.settings import settings
from tests.device import Device, asking, fresh
from tests.progress.school import event, open_school
from tests.recording import record_event
from tests.restoring import back_up, restore


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_device_that_knows_more_than_a_restored_record_starts_afresh(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    record: Record = request.getfixturevalue(f"{database}_record")
    school = open_school(record)
    device = Device(asking(school.viewer("ada"), school.ada))
    back_up(record, tmp_path / "backup")
    record_event(school.viewer("ada"), event(school, "reading", "viewed"))
    device.pull()
    restore(record, tmp_path / "backup")
    close_mirrors()  # and what they know of the record with them: only the device remembers
    shutil.rmtree(settings().var / "mirror")
    record_event(school.viewer("ada"), event(school, "lecture", "played"))
    assert device.pull_page()["is_complete"]
    device.pull()
    assert device.held == fresh(device)


def test_a_device_that_knows_no_more_than_the_restored_record_goes_on(sqlite_record: Record, tmp_path: Path) -> None:
    school = open_school(sqlite_record)
    device = Device(asking(school.viewer("ada"), school.ada))
    device.pull()
    record_event(school.viewer("ada"), event(school, "reading", "viewed"))
    back_up(sqlite_record, tmp_path / "backup")
    record_event(school.viewer("ada"), event(school, "quiz", "scored", score=80))
    restore(sqlite_record, tmp_path / "backup")
    assert not device.pull_page()["is_complete"]
    assert device.held == fresh(device)


def test_cursor_of_an_earlier_version_of_waymark_brings_everything_anew(sqlite_record: Record) -> None:
    school = open_school(sqlite_record)
    device = Device(asking(school.viewer("ada"), school.ada))
    device.pull()
    plain = b64decode((device.cursor or "") + "==", altchars=b"-_").decode().split("~")
    device.cursor = urlsafe_b64encode("~".join(plain[:4] + plain[5:]).encode()).decode().rstrip("=")
    assert device.pull_page()["is_complete"]
    assert device.held == fresh(device)
