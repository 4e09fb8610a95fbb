"""Delta packages: only what is listed changes, and `tobedeleted` is an end date, never a deletion."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from data.models import AcademicSession, ClassLearner, ClassSession, ClassTeacher, Course, School, SchoolClass, User
from data.record import Record
from progress.people.accounts import add_user, set_password
from progress.recording.rebuild import differences
from tests.progress.importers.oneroster.packages import (
    Files,
    changed,
    enrollment,
    gone,
    imported,
    only,
    small_school,
    user,
)
from tests.progress.importers.oneroster.roster_rows import enrolments, guardians, memberships, open_roles, standing
from tests.progress.importers.stored import everything, rows

ON_CHANGE = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAY_OF_IT = date(2026, 1, 5)


def listed(name: str, *sourced_ids: str) -> Files:
    """A delta file that ends these rows of the small school."""
    return {name: [gone(only(small_school(), name, sourced_id)) for sourced_id in sourced_ids]}


def test_learner_who_left_has_an_end_date_and_the_others_stay(record: Record) -> None:
    imported(record, small_school())
    delta = listed("enrollments", "7a-ben-student")
    report = imported(record, delta, mode="delta")
    assert memberships(record, ClassLearner) == {("7a", "ada"): None, ("7a", "ben"): DAY_OF_IT, ("7b", "cy"): None}
    assert enrolments(record)["ben", "algebra"] == "dropped"
    assert (report.tallies["class learners"].ended, report.tallies["enrolments"].ended) == (1, 1)
    assert report.lines.select("line", "outcome", "reason").rows() == [(2, "ended", "over since 2026-01-05")]
    assert differences(record).is_empty()
    before = everything(record)
    assert imported(record, delta, mode="delta").changed_count == 0
    assert everything(record) == before


def test_end_date_that_has_passed_counts_before_the_date_of_the_change(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    left = gone(only(small_school(), "enrollments", "7a-ben-student"), endDate="2025-12-19")
    imported(sqlite_record, {"enrollments": [left]}, mode="delta")
    assert memberships(sqlite_record, ClassLearner)["7a", "ben"] == date(2025, 12, 20)
    assert enrolments(sqlite_record)["ben", "algebra"] == "dropped"


def test_who_is_listed_again_is_back(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    imported(sqlite_record, listed("enrollments", "7a-ben-student", "7a-turing-teacher"), mode="delta")
    assert memberships(sqlite_record, ClassTeacher)["7a", "turing"] == DAY_OF_IT
    again = {
        "enrollments": [
            changed(enrollment("7a", "ben", "student")),
            changed(enrollment("7a", "turing", "teacher")),
        ]
    }
    imported(sqlite_record, again, mode="delta")
    assert ("7a", "ben") in standing(sqlite_record)
    assert memberships(sqlite_record, ClassTeacher)["7a", "turing"] is None
    assert enrolments(sqlite_record)["ben", "algebra"] == "active"


def test_old_row_that_ends_does_not_end_the_new_one_beside_it(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    both = [
        gone(enrollment("7a", "ben", "student")),
        changed({**enrollment("7a", "ben", "student"), "sourcedId": "7a-ben-again"}),
    ]
    imported(sqlite_record, {"enrollments": both}, mode="delta")
    assert ("7a", "ben") in standing(sqlite_record)
    assert enrolments(sqlite_record)["ben", "algebra"] == "active"


def test_membership_that_never_was_is_not_made_up_to_be_ended(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    report = imported(sqlite_record, {"enrollments": [gone(enrollment("7c", "ada", "student"))]}, mode="delta")
    assert report.changed_count == 0
    assert report.lines["reason"].to_list() == ["was not in the class"]


def test_person_who_left_keeps_the_row_and_loses_account_roles_and_children(record: Record) -> None:
    imported(record, small_school())
    imported(record, listed("users", "mum", "turing"), mode="delta")
    active = dict(rows(record, select(User.external_id, User.is_active)))
    assert (active["mum"], active["turing"], active["ada"]) == (False, False, True)
    assert {"mum", "turing"} & set(open_roles(record)) == set()
    assert guardians(record) == {("mum", "ada"): ("guardian", False)}
    assert imported(record, listed("users", "mum", "turing"), mode="delta").changed_count == 0


def test_person_who_returns_has_account_and_role_back(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    imported(sqlite_record, listed("users", "turing"), mode="delta")
    imported(sqlite_record, {"users": [changed(user("turing", "teacher"))]}, mode="delta")
    assert dict(rows(sqlite_record, select(User.external_id, User.is_active)))["turing"] is True
    assert open_roles(sqlite_record)["turing"] == {"teacher"}


def test_places_courses_and_classes_end_and_can_come_back(record: Record) -> None:
    imported(record, small_school())
    ending = {
        **listed("orgs", "school"),
        **listed("academicSessions", "autumn"),
        **listed("courses", "art"),
        **listed("classes", "7c"),
    }
    imported(record, ending, mode="delta")
    ended = {
        name
        for model in (School, AcademicSession, Course, SchoolClass)
        for (name,) in rows(record, select(model.external_id).where(model.ended_at == ON_CHANGE))
    }
    assert ended == {"school", "autumn", "art", "7c"}
    imported(record, {"classes": [changed(only(small_school(), "classes", "7c"))]}, mode="delta")
    assert dict(rows(record, select(SchoolClass.external_id, SchoolClass.ended_at)))["7c"] is None


def test_class_is_taught_in_the_sessions_that_its_row_names_now(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    moved = changed(only(small_school(), "classes", "7a"), termSourcedIds="year")
    imported(sqlite_record, {"classes": [moved]}, mode="delta")
    taught = (
        select(AcademicSession.external_id, ClassSession.ended_at.is_(None))
        .join(AcademicSession, AcademicSession.id == ClassSession.academic_session_id)
        .join(SchoolClass, SchoolClass.id == ClassSession.class_id)
        .where(SchoolClass.external_id == "7a")
    )
    assert dict(rows(sqlite_record, taught)) == {"autumn": False, "year": True}


def test_delta_row_without_agents_says_nothing_of_guardians(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    silent = changed(only(small_school(), "users", "ada"), agentSourcedIds="")
    imported(sqlite_record, {"users": [silent]}, mode="delta")
    assert guardians(sqlite_record) == {("mum", "ada"): ("guardian", True)}
    dad = changed(user("dad", "parent"))
    other = changed(only(small_school(), "users", "ada"), agentSourcedIds="dad")
    imported(sqlite_record, {"users": [dad, other]}, mode="delta")
    assert guardians(sqlite_record) == {("mum", "ada"): ("guardian", False), ("dad", "ada"): ("parent", True)}


def test_delta_row_must_have_status_and_date(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    report = imported(sqlite_record, {"users": [only(small_school(), "users", "ada")]}, mode="delta")
    assert [str(refusal) for refusal in report.refusals] == [
        "users.csv, line 2: status is missing; a delta file must have it; "
        "dateLastModified is missing; a delta file must have it"
    ]


def test_roster_cannot_lock_out_the_last_administrator(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    with sqlite_record.writing() as tx:
        [(head,)] = tx.execute(select(User.id).where(User.external_id == "head"))
        set_password(tx, head, "a long password")
    before = everything(sqlite_record)
    report = imported(sqlite_record, listed("users", "head"), mode="delta")
    assert [(refusal.file, refusal.number) for refusal in report.refusals] == [("users.csv", 2)]
    assert "the last administrator" in report.refusals[0].reason
    assert everything(sqlite_record) == before
    with sqlite_record.writing() as tx:
        add_user(tx, "Deputy", username="deputy", password="a long password", roles=["administrator"])
    assert imported(sqlite_record, listed("users", "head"), mode="delta").is_applied
