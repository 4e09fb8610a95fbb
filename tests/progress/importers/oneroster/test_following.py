"""Enrolments follow the roster, whatever it is that ends, begins or changes; the past of a class stands."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from data.models import ClassLearner, ClassTeacher, Course, Enrolment, RecordInfo, User
from data.record import Record
from progress.courses.class_enrolment import follow_due
from progress.people.access import viewer_of
from progress.people.accounts import add_school, end_role
from progress.recording.rebuild import differences
from tests.progress.importers.oneroster.packages import (
    NOW,
    Files,
    changed,
    enrollment,
    gone,
    imported,
    only,
    small_school,
    user,
)
from tests.progress.importers.oneroster.roster_rows import enrolments, id_of, standing, stretches
from tests.progress.importers.stored import everything, rows

TODAY = NOW.date()
BEGAN = date(2025, 8, 15)


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def dropped_on(record: Record, person: str, course: str) -> date:
    asked = (
        select(Enrolment.dropped_at)
        .join(User, User.id == Enrolment.user_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(User.external_id == person, Course.external_id == course)
    )
    [(dropped_at,)] = rows(record, asked)
    return dropped_at.date()  # type: ignore[no-any-return]


def without(files: Files, name: str, *sourced_ids: str) -> Files:
    return {**files, name: [listed for listed in files[name] if listed["sourcedId"] not in sourced_ids]}


def test_learners_of_a_class_that_ends_are_dropped_but_those_whom_another_class_of_the_course_holds(
    record: Record,
) -> None:
    files = small_school()
    files["enrollments"].append(enrollment("7b", "ada", "student"))
    imported(record, files)
    report = imported(record, {"classes": [gone(only(files, "classes", "7a"))]}, mode="delta")
    assert enrolments(record) == {
        ("ada", "algebra"): "active",
        ("ben", "algebra"): "dropped",
        ("cy", "algebra"): "active",
    }
    assert dropped_on(record, "ben", "algebra") == date(2026, 1, 5)
    assert report.tallies["enrolments"].ended == 1
    assert differences(record).is_empty()
    assert imported(record, {"classes": [gone(only(files, "classes", "7a"))]}, mode="delta").changed_count == 0


def test_learners_of_a_class_that_comes_back_are_taken_back(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    seven_a = only(small_school(), "classes", "7a")
    imported(sqlite_record, {"classes": [gone(seven_a)]}, mode="delta")
    imported(sqlite_record, {"classes": [changed(seven_a)]}, mode="delta", now=later(7))
    assert enrolments(sqlite_record)["ben", "algebra"] == "active"


def test_class_that_moves_to_another_course_takes_its_learners_along(record: Record) -> None:
    files = small_school()
    imported(record, files)
    only(files, "classes", "7a")["courseSourcedId"] = "art"
    imported(record, files)
    found = enrolments(record)
    assert (found["ada", "algebra"], found["ada", "art"]) == ("dropped", "active")
    assert (found["ben", "algebra"], found["ben", "art"]) == ("dropped", "active")
    assert found["cy", "algebra"] == "active"
    assert dropped_on(record, "ada", "algebra") == TODAY
    assert differences(record).is_empty()
    assert imported(record, files).changed_count == 0


def test_learners_of_a_course_that_ends_are_dropped(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    imported(sqlite_record, {"courses": [gone(only(small_school(), "courses", "algebra"))]}, mode="delta")
    assert set(enrolments(sqlite_record).values()) == {"dropped"}


@pytest.mark.parametrize("role", ["teacher", "aide"])
@pytest.mark.parametrize("mode", ["bulk", "delta"])
def test_who_is_no_student_in_the_class_any_more_is_no_learner(sqlite_record: Record, role: str, mode: str) -> None:
    files = small_school()
    imported(sqlite_record, files)
    only(files, "users", "ben")["role"] = role
    only(files, "enrollments", "7a-ben-student")["role"] = role
    told = files if mode == "bulk" else {n: [changed(r) for r in files[n]] for n in ("users", "enrollments")}
    imported(sqlite_record, told, mode=mode)
    assert ("7a", "ben") not in standing(sqlite_record)
    assert enrolments(sqlite_record)["ben", "algebra"] == "dropped"
    assert dropped_on(sqlite_record, "ben", "algebra") == TODAY
    assert (("7a", "ben") in stretches(sqlite_record, ClassTeacher)) == (role == "teacher")
    assert imported(sqlite_record, told, mode=mode).changed_count == 0


def test_enrolment_row_that_names_another_class_moves_its_learner(record: Record) -> None:
    imported(record, small_school())
    moved = changed({**enrollment("7c", "ada", "student", beginDate="2025-09-01"), "sourcedId": "7a-ada-student"})
    imported(record, {"enrollments": [moved]}, mode="delta")
    assert stretches(record, ClassLearner)["7a", "ada"] == [(date(2025, 9, 1), TODAY)]
    assert stretches(record, ClassLearner)["7c", "ada"] == [(TODAY, None)]
    assert (enrolments(record)["ada", "algebra"], enrolments(record)["ada", "art"]) == ("dropped", "active")
    assert imported(record, {"enrollments": [moved]}, mode="delta").changed_count == 0


def test_who_moves_to_the_other_class_was_in_the_first_until_then(record: Record) -> None:
    files = small_school()
    imported(record, files)
    kept = without(files, "enrollments", "7a-ada-student")
    kept["enrollments"].append(enrollment("7b", "ada", "student", beginDate="2025-09-01"))
    imported(record, kept)
    assert stretches(record, ClassLearner)["7a", "ada"] == [(date(2025, 9, 1), TODAY)]
    assert stretches(record, ClassLearner)["7b", "ada"] == [(TODAY, None)]
    assert enrolments(record)["ada", "algebra"] == "active"
    before = everything(record)
    assert imported(record, kept).changed_count == 0
    assert everything(record) == before


def test_who_left_and_comes_back_was_away_meanwhile(sqlite_record: Record) -> None:
    files = small_school()
    imported(sqlite_record, files)
    imported(sqlite_record, without(files, "enrollments", "7a-ada-student"))
    imported(sqlite_record, files, now=later(14))
    back = later(14).date()
    assert stretches(sqlite_record, ClassLearner)["7a", "ada"] == [(date(2025, 9, 1), TODAY), (back, None)]
    assert imported(sqlite_record, files, now=later(15)).changed_count == 0


def test_person_who_leaves_the_school_is_dropped_though_the_enrolment_is_still_listed(record: Record) -> None:
    files = small_school()
    imported(record, files)
    only(files, "users", "ben").update(status="tobedeleted", dateLastModified="2026-01-05T08:00:00.000Z")
    report = imported(record, files)
    assert report.refused_count == 0
    assert enrolments(record)["ben", "algebra"] == "dropped"
    assert dropped_on(record, "ben", "algebra") == date(2026, 1, 5)
    only(files, "users", "ben")["status"] = "active"
    imported(record, files, now=later(3))
    assert enrolments(record)["ben", "algebra"] == "active"


def test_what_has_not_begun_does_not_count_and_does_from_its_day_on(record: Record) -> None:
    with record.writing() as tx:
        add_school(tx, "Elm", time_zone="America/Los_Angeles", external_id="school")
    files = small_school()
    only(files, "enrollments", "7a-ada-student")["beginDate"] = "2026-01-20"
    only(files, "enrollments", "7a-turing-teacher")["beginDate"] = "2026-01-19"
    imported(record, files)
    assert ("ada", "algebra") not in enrolments(record)
    midnight = datetime(2026, 1, 20, 8, tzinfo=UTC)  # in Los Angeles
    turing, ada = id_of(record, "turing"), id_of(record, "ada")
    assert follow_due(midnight - timedelta(seconds=1)) == 0
    assert ada not in viewer_of(turing, midnight - timedelta(seconds=1)).learner_ids
    assert ada in viewer_of(turing, midnight).learner_ids
    assert follow_due(midnight) == 1
    assert enrolments(record)["ada", "algebra"] == "active"
    since = select(Enrolment.enrolled_at).where(Enrolment.user_id == ada)
    assert rows(record, since) == [(midnight,)]
    assert follow_due(midnight + timedelta(hours=1)) == 0
    assert imported(record, files, now=midnight + timedelta(days=1)).changed_count == 0


def test_what_ends_on_a_day_ahead_counts_until_then(record: Record) -> None:
    files = small_school()
    only(files, "enrollments", "7a-ben-student")["endDate"] = "2026-01-15"
    only(files, "enrollments", "7a-turing-teacher")["endDate"] = "2026-01-15"
    imported(record, files)
    last, end = datetime(2026, 1, 15, 23, 59, tzinfo=UTC), datetime(2026, 1, 16, tzinfo=UTC)
    turing, ben = id_of(record, "turing"), id_of(record, "ben")
    assert follow_due(last) == 0
    assert ben in viewer_of(turing, last).learner_ids
    assert viewer_of(turing, end).class_ids == ()
    assert follow_due(end) == 1
    assert enrolments(record)["ben", "algebra"] == "dropped"
    assert dropped_on(record, "ben", "algebra") == date(2026, 1, 16)
    assert differences(record).is_empty()


def test_date_of_beginning_that_moves_ahead_takes_the_learner_out_until_then(sqlite_record: Record) -> None:
    files = small_school()
    imported(sqlite_record, files)
    only(files, "enrollments", "7a-ada-student")["beginDate"] = "2026-02-02"
    imported(sqlite_record, files)
    assert stretches(sqlite_record, ClassLearner)["7a", "ada"] == [
        (date(2025, 9, 1), TODAY),
        (date(2026, 2, 2), None),
    ]
    assert enrolments(sqlite_record)["ada", "algebra"] == "dropped"
    assert imported(sqlite_record, files).changed_count == 0
    assert follow_due(datetime(2026, 2, 2, tzinfo=UTC)) == 1
    assert enrolments(sqlite_record)["ada", "algebra"] == "active"


def test_role_that_a_person_ends_ends_the_enrolment(record: Record) -> None:
    files = small_school()
    for session in files["academicSessions"]:
        session["endDate"] = f"{datetime.now(UTC).year + 1}-12-31"
    imported(record, files, now=datetime.now(UTC) - timedelta(days=1))
    follow_due(datetime.now(UTC))
    with record.writing() as tx:
        end_role(tx, id_of(record, "ada"), "student")
    assert follow_due(datetime.now(UTC)) == 1
    assert enrolments(record)["ada", "algebra"] == "dropped"


def test_role_that_ended_by_a_clock_that_ran_ahead_has_ended(sqlite_record: Record) -> None:
    files = small_school()
    only(files, "enrollments", "7a-ada-student")["beginDate"] = "2026-01-12"
    imported(sqlite_record, files)
    with sqlite_record.writing() as tx:
        end_role(tx, id_of(sqlite_record, "ada"), "student")
    assert follow_due(later(3)) == 0
    assert ("ada", "algebra") not in enrolments(sqlite_record)


def test_enrolment_that_a_person_ended_stays_ended_while_the_class_holds_the_learner(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    with sqlite_record.writing() as tx:
        ended = update(Enrolment).where(Enrolment.user_id == id_of(sqlite_record, "ada"))
        tx.execute(ended.values(status="dropped", dropped_at=NOW, changed_in=tx.number))
    imported(sqlite_record, {**small_school(), "users": [*small_school()["users"], user("dee", "student")]})
    assert follow_due(later(3)) == 0
    assert enrolments(sqlite_record)["ada", "algebra"] == "dropped"


def test_learners_whom_earlier_versions_left_active_without_a_class_are_dropped(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    with sqlite_record.writing() as tx:
        tx.execute(update(ClassLearner).values(left_on=TODAY, changed_in=tx.number))
        tx.execute(update(RecordInfo).values(classes_followed_at=None))
    assert follow_due(NOW) == 3
    assert set(enrolments(sqlite_record).values()) == {"dropped"}
