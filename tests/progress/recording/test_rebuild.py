"""A damaged record is found line by line, and set right."""

import pytest
from sqlalchemy import delete, insert, update

from data.models import CourseProgress, ModuleProgress, RecordInfo, UnitProgress
from data.record import Record
from progress.recording.events import NewEvent
from progress.recording.rebuild import differences, rebuild
from tests.progress.school import School, minute, open_school
from tests.recording import record_event


@pytest.fixture
def school(record: Record) -> School:
    school = open_school(record)
    seen = NewEvent("test", "seen", school.ada, school.modules["reading"], "viewed", minute(1))
    record_event(school.viewer("ada"), seen)
    return school


def test_a_wrong_number_is_named_with_both_values(record: Record, school: School) -> None:
    with record.writing() as tx:
        wrong = update(UnitProgress).where(UnitProgress.user_id == school.ada, UnitProgress.unit_id == school.units[0])
        tx.execute(wrong.values(completed_modules_count=2))
    expected = ("unit_progress", school.ada, school.units[0], "completed_modules_count", "2", "1")
    assert differences(record).rows() == [expected]
    assert rebuild(record) == 1
    assert differences(record).rows() == []


def test_a_missing_row_is_made_again(record: Record, school: School) -> None:
    with record.writing() as tx:
        tx.execute(delete(CourseProgress).where(CourseProgress.user_id == school.ada))
    assert differences(record).rows() == [("course_progress", school.ada, school.course, "row", "absent", "present")]
    assert rebuild(record) == 1
    assert differences(record).rows() == []


def test_a_row_without_an_event_is_removed_and_mirrors_start_afresh(record: Record, school: School) -> None:
    with record.writing() as tx:
        made_up = {"user_id": school.ben, "module_id": school.modules["quiz"], "changed_in": tx.number}
        tx.execute(insert(ModuleProgress), {**made_up, "status": "in_progress", "completion_percentage": 0.0})
    assert differences(record).rows() == [
        ("module_progress", school.ben, school.modules["quiz"], "row", "present", "absent")
    ]
    assert rebuild(record) == 1
    with record.reading() as connection:
        assert connection.execute(RecordInfo.__table__.select()).one().mirror_epoch == 1


def test_checking_changes_nothing(record: Record, school: School) -> None:
    with record.writing() as tx:
        tx.execute(update(UnitProgress).values(completed_at=minute(9)))
    before = differences(record).rows()
    assert before == differences(record).rows()
    assert len(before) == 4
