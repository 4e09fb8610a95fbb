"""A record that was restored from a backup never passes for the one that went on after it."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from data.lineage import start_new_lineage
from data.marks import MARKS_KEPT
from data.mirror import Mirror, Refreshed
from data.models import School, TransactionMark
from data.record import Record
from tests.data.comparison import assert_equal
from tests.data.school import add_school, record_one, write
from tests.restoring import back_up, restore

ROWS_OF_THE_SCHOOL = 28


def test_a_mirror_is_built_anew_when_a_new_lineage_starts(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    with school.writing() as tx:
        start_new_lineage(tx)
    assert mirror.refresh() == Refreshed(ROWS_OF_THE_SCHOOL, is_rebuilt=True)
    assert mirror.refresh() == Refreshed(0, is_rebuilt=False)


def test_rows_that_come_from_a_server_that_counted_further_are_copied_once(
    postgresql_record: Record, mirror_file: Path
) -> None:
    add_school(postgresql_record)
    with postgresql_record.engine.begin() as connection:
        connection.exec_driver_sql("update users set changed_in = changed_in + 3000000000")
        connection.exec_driver_sql("update transaction_marks set number = number + 3000000000")
    with postgresql_record.writing() as tx:
        start_new_lineage(tx)
    mirror = Mirror(postgresql_record, mirror_file)
    assert mirror.refresh() == Refreshed(ROWS_OF_THE_SCHOOL, is_rebuilt=True)
    assert mirror.refresh() == Refreshed(0, is_rebuilt=False)
    record_one(postgresql_record, 1, user_id=1, module_id=1)
    assert mirror.refresh() == Refreshed(4, is_rebuilt=False)
    mirror.close()


@pytest.mark.parametrize("events_since", [0, 2, 3, 4])
def test_what_a_restored_record_no_longer_holds_is_gone_from_an_open_mirror(
    school: Record, mirror: Mirror, tmp_path: Path, events_since: int
) -> None:
    """Also where as many transactions followed the restore as it undid, or one fewer or more."""
    back_up(school, tmp_path / "backup")
    for number in range(1, 4):
        record_one(school, number, user_id=number, module_id=1)
    mirror.refresh()
    restore(school, tmp_path / "backup")
    for number in range(10, 10 + events_since):
        record_one(school, number, user_id=4, module_id=2)
    assert mirror.refresh().is_rebuilt
    assert_equal(mirror, school)


def test_what_a_restored_record_no_longer_holds_is_gone_from_a_mirror_that_is_opened_later(
    school: Record, mirror_file: Path, tmp_path: Path
) -> None:
    back_up(school, tmp_path / "backup")
    record_one(school, 1, user_id=1, module_id=1)
    mirror = Mirror(school, mirror_file)
    mirror.refresh()
    mirror.close()
    restore(school, tmp_path / "backup")
    record_one(school, 2, user_id=2, module_id=2)
    mirror = Mirror(school, mirror_file)
    assert mirror.refresh().is_rebuilt
    assert_equal(mirror, school)
    mirror.close()


def test_a_mirror_that_knows_no_more_than_the_backup_goes_on(school: Record, mirror: Mirror, tmp_path: Path) -> None:
    mirror.refresh()
    record_one(school, 1, user_id=1, module_id=1)
    back_up(school, tmp_path / "backup")
    record_one(school, 2, user_id=2, module_id=2)
    restore(school, tmp_path / "backup")
    assert not mirror.refresh().is_rebuilt
    assert_equal(mirror, school)


def test_a_commit_that_a_backup_lacks_is_noticed_though_later_numbers_are_in_it(
    postgresql_record: Record, mirror_file: Path, tmp_path: Path
) -> None:
    add_school(postgresql_record)
    mirror = Mirror(postgresql_record, mirror_file)
    with postgresql_record.writing() as tx:
        write(tx, School, {"id": 1, "name": "Renamed", "time_zone": "UTC"})
        record_one(postgresql_record, 1, user_id=1, module_id=1)  # begins later and ends earlier
        back_up(postgresql_record, tmp_path / "backup")
    mirror.refresh()
    restore(postgresql_record, tmp_path / "backup")
    assert mirror.refresh().is_rebuilt
    assert_equal(mirror, postgresql_record)
    mirror.close()


def test_only_the_newest_marks_are_kept(school: Record) -> None:
    with school.engine.begin() as connection:
        rows = [{"number": -number, "mark": 1, "oldest_running": -number} for number in range(1, MARKS_KEPT + 100)]
        connection.execute(TransactionMark.__table__.insert(), rows)
    while True:
        with school.writing() as tx:
            number = tx.number
        if number % 1_024 == 0:
            break
    with school.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(TransactionMark)).scalar_one()
    assert kept <= MARKS_KEPT
