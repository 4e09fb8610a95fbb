"""The administrator's page says how old the last backup is, and in red and words when that is too old."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import insert

from data.models import AuditEntry
from data.record import Record
from data.viewer import NotAllowed, Viewer
from pages.admin.checking.backups import show_backups
from tests.pages.conftest import SignedIn
from tests.pages.screen import open_page


def note_backup(record: Record, age: timedelta) -> None:
    entry = {"kind": "backup.made", "happened_at": datetime.now(UTC) - age, "details": json.dumps({"file": "x"})}
    with record.writing() as tx:
        tx.execute(insert(AuditEntry).values(entry))


def test_a_record_without_a_backup_one_that_is_too_old_and_a_new_one(signed_in: SignedIn, school: Record) -> None:
    page = signed_in("admin")
    alerts = page.get_by_test_id("stAlert")
    open_page(page, "/data_check")
    expect(alerts.filter(has_text="Waymark knows of no backup of this record.")).to_be_visible()
    note_backup(school, timedelta(days=9))
    page.reload()
    expect(alerts.filter(has_text="The last backup is too old: it was made on")).to_contain_text("9 days ago")
    note_backup(school, timedelta(hours=3))
    open_page(page, "/data_check")
    expect(alerts.filter(has_text="The last backup was made and tried out on")).to_contain_text("3 hours ago")


def test_nobody_but_administrators_learns_of_backups(sqlite_record: Record) -> None:
    with pytest.raises(NotAllowed):
        show_backups(Viewer(1, "Ada", frozenset({"teacher"}), frozenset()))
