"""What lay ahead and is taken back was never there, and stands in nobody's way."""

from data.models import ClassLearner
from data.record import Record
from tests.progress.importers.oneroster.packages import enrollment, imported, small_school
from tests.progress.importers.oneroster.roster_rows import enrolments, stretches
from tests.progress.importers.oneroster.test_following import TODAY, without


def test_stretch_that_is_taken_back_before_it_began_keeps_nobody_from_another_class(sqlite_record: Record) -> None:
    files = without(small_school(), "enrollments", "7a-ben-student")
    ahead = [*files["enrollments"], enrollment("7a", "ben", "student", beginDate="2026-01-20")]
    imported(sqlite_record, {**files, "enrollments": ahead})
    other = {**files, "enrollments": [*files["enrollments"], enrollment("7b", "ben", "student")]}
    imported(sqlite_record, other)
    assert stretches(sqlite_record, ClassLearner)["7b", "ben"] == [(TODAY, None)]
    assert enrolments(sqlite_record)["ben", "algebra"] == "active"
    assert imported(sqlite_record, other).changed_count == 0
