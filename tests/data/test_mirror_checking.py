"""A mirror that does not hold what its record holds is found out, and set right."""

from pathlib import Path

import duckdb
import pytest

from data.mirror import Mirror, MirrorDifference
from data.record import Record
from tests.data.comparison import assert_equal
from tests.data.school import record_one


@pytest.fixture
def full_mirror(school: Record, mirror: Mirror) -> Mirror:
    for number in range(1, 6):
        record_one(school, number, user_id=number, module_id=1 + number % 2)
    mirror.refresh()
    return mirror


def test_a_mirror_that_equals_its_record_has_no_differences(full_mirror: Mirror) -> None:
    assert full_mirror.check(repairs=False) == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("delete from record.progress_events where id = 1", [("progress_events", 2, 3, 2, 1)]),
        ("insert into record.enrolments from record.enrolments where user_id = 1", "enrolments"),
        ("update record.users set full_name = 'Somebody' where id = 2", [("users", None, 5, 5, 1)]),
        ("update record.module_progress set completion_percentage = 99 where user_id = 1", "module_progress"),
        ("delete from record.activity_weeks", "activity_weeks"),
        ("update record.activity_days set events_count = 7", "activity_days"),
    ],
)
def test_what_is_lost_surplus_or_otherwise_is_counted_by_table_and_course_and_repaired(
    school: Record, full_mirror: Mirror, damage: str, found: object
) -> None:
    full_mirror.cursor().execute(damage)
    differences = full_mirror.check(repairs=False)
    if isinstance(found, str):
        assert found in {difference.table for difference in differences}
    else:
        assert [each for each in differences if not each.table.startswith("activity")] == [
            MirrorDifference(*each)
            for each in found  # type: ignore[attr-defined]
        ]
    assert full_mirror.check(repairs=True) == differences
    assert full_mirror.check(repairs=False) == []
    assert_equal(full_mirror, school)


@pytest.mark.parametrize(
    "damage",
    [
        "delete from record.module_progress where user_id = 3",
        "delete from record.progress_events",
        "update record.users set changed_in = 0 where id = 1",
        "delete from record.activity_days",
    ],
)
def test_a_file_that_lost_rows_is_built_anew_when_it_is_opened(
    school: Record, mirror_file: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(1, 6):
        record_one(school, number, user_id=number, module_id=1)
    mirror = Mirror(school, mirror_file)
    mirror.refresh()
    mirror.close()
    with duckdb.connect(str(mirror_file)) as connection:
        connection.execute(damage)
    mirror = Mirror(school, mirror_file)
    assert mirror.refresh().is_rebuilt
    assert "built anew" in caplog.text
    assert_equal(mirror, school)
    mirror.close()


def test_a_check_sees_what_was_recorded_a_moment_ago(school: Record, full_mirror: Mirror) -> None:
    record_one(school, 9, user_id=1, module_id=2)
    assert full_mirror.check(repairs=False) == []
