"""Bulk packages of 1.1: what each file becomes, and what a later file changes."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from data.models import AcademicSession, ClassSession, ClassTeacher, Course, CourseProgress, Enrolment, User
from data.record import Record
from progress.courses.structure import add_module, add_unit
from progress.people.access import viewer_of
from progress.people.accounts import add_school, add_user
from progress.recording.events import NewEvent
from progress.recording.rebuild import differences
from progress.recording.record import record as record_events
from tests.progress.importers.oneroster.packages import enrollment, imported, only, small_school
from tests.progress.importers.oneroster.roster_rows import (
    enrolments,
    guardians,
    id_of,
    memberships,
    open_roles,
    parents_of_schools,
    standing,
)
from tests.progress.importers.stored import everything, rows


def test_small_school_comes_whole_and_a_second_time_changes_nothing(record: Record) -> None:
    report = imported(record, small_school())
    assert (report.refused_count, report.is_applied) == (0, True)
    assert parents_of_schools(record) == {"district": None, "school": "district"}
    assert standing(record) == {("7a", "ada"), ("7a", "ben"), ("7b", "cy")}
    assert set(memberships(record, ClassTeacher)) == {("7a", "turing")}
    pairs = [("ada", "algebra"), ("ben", "algebra"), ("cy", "algebra")]
    assert enrolments(record) == dict.fromkeys(pairs, "active")
    assert guardians(record) == {("mum", "ada"): ("guardian", True)}
    assert differences(record).is_empty()
    before = everything(record)
    again = imported(record, small_school())
    assert everything(record) == before
    assert again.changed_count == 0


def test_roles_become_ours_and_an_aide_has_none(sqlite_record: Record) -> None:
    report = imported(sqlite_record, small_school())
    assert open_roles(sqlite_record) == {
        "ada": {"student"},
        "ben": {"student"},
        "cy": {"student"},
        "turing": {"teacher"},
        "head": {"administrator"},
        "mum": {"parent"},
    }
    told = {(row["file"], row["subject"]): row for row in report.lines.iter_rows(named=True)}
    assert told["users.csv", "aide"]["reason"] == "aide is no role here"
    assert told["enrollments.csv", "7a-head-administrator"]["outcome"] == "ignored"


def test_calendar_gives_terms_to_classes_and_days_to_courses(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    days = select(AcademicSession.external_id, AcademicSession.starts_on, AcademicSession.ends_on)
    assert {name: (first, last) for name, first, last in rows(sqlite_record, days)} == {
        "year": (date(2025, 8, 15), date(2026, 6, 10)),
        "autumn": (date(2025, 8, 15), date(2026, 1, 31)),
    }
    courses = select(Course.external_id, Course.title, Course.starts_on, Course.ends_on).order_by(Course.external_id)
    assert rows(sqlite_record, courses)[0] == ("algebra", "Algebra", date(2025, 8, 15), date(2026, 6, 10))
    assert len(rows(sqlite_record, select(ClassSession.class_id))) == 3


def test_enrolled_from_begin_date_or_the_first_day_of_term_in_the_time_zone_of_the_school(
    sqlite_record: Record,
) -> None:
    with sqlite_record.writing() as tx:
        add_school(tx, "Elm", time_zone="America/Chicago", external_id="school")
    imported(sqlite_record, small_school())
    listed = select(User.external_id, Enrolment.enrolled_at).join(User, User.id == Enrolment.user_id)
    since = dict(rows(sqlite_record, listed))
    assert since["ada"] == datetime(2025, 9, 1, 5, tzinfo=UTC)
    assert since["ben"] == datetime(2025, 8, 15, 5, tzinfo=UTC)


def test_people_keep_no_password_of_the_roster_and_cannot_sign_in(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    assert {hashed for (hashed,) in rows(sqlite_record, select(User.password_hash))} == {None}
    assert "secret-word" not in str(everything(sqlite_record))


def test_taken_or_impossible_username_is_left_out_and_told(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx:
        add_user(tx, "Another Ada", username="ada")
    files = small_school()
    only(files, "users", "ben")["username"] = "ben elm"
    only(files, "users", "cy")["username"] = " TURING "
    report = imported(sqlite_record, files)
    names = dict(rows(sqlite_record, select(User.external_id, User.username).where(User.external_id.is_not(None))))
    assert (names["ada"], names["ben"], names["cy"], names["turing"]) == (None, None, "turing", None)
    told = dict(report.lines.filter(file="users.csv").select("subject", "reason").rows())
    taken = "the username “ada” is taken or cannot be one, so the account has none"
    assert told["ada"] == f"role student given; guardian linked; {taken}"


def test_disabled_account_is_closed_and_opened_again_when_the_roster_says_so(sqlite_record: Record) -> None:
    files = small_school()
    imported(sqlite_record, files)
    only(files, "users", "ben")["enabledUser"] = "false"
    report = imported(sqlite_record, files)
    assert dict(rows(sqlite_record, select(User.external_id, User.is_active)))["ben"] is False
    [line] = report.lines.filter(file="users.csv", subject="ben").rows(named=True)
    assert (line["line"], line["outcome"], line["reason"]) == (3, "ended", "account open: true → false")
    only(files, "users", "ben")["enabledUser"] = "true"
    imported(sqlite_record, files)
    assert dict(rows(sqlite_record, select(User.external_id, User.is_active)))["ben"] is True


def test_changed_name_is_told_old_and_new(sqlite_record: Record) -> None:
    files = small_school()
    imported(sqlite_record, files)
    only(files, "users", "ada")["familyName"] = "Lovelace"
    report = imported(sqlite_record, files)
    [line] = report.lines.filter(outcome="updated").rows(named=True)
    assert (line["file"], line["reason"]) == ("users.csv", "name: Ada Elm → Ada Lovelace")


def test_who_is_no_longer_listed_in_a_class_has_left_it_and_the_course(record: Record) -> None:
    files = small_school()
    imported(record, files)
    files["enrollments"] = [row for row in files["enrollments"] if row["userSourcedId"] not in ("ben", "cy", "turing")]
    report = imported(record, files)
    assert standing(record) == {("7a", "ada")}
    assert enrolments(record) == {
        ("ada", "algebra"): "active",
        ("ben", "algebra"): "dropped",
        ("cy", "algebra"): "dropped",
    }
    assert report.tallies["class learners"].ended == 2
    gone = report.lines.filter(outcome="ended").select("line", "subject", "reason").rows()
    assert sorted(gone) == [
        (None, "Ben Elm", "no longer listed in 7a"),
        (None, "Cy Elm", "no longer listed in 7b"),
        (None, "Turing Elm", "no longer listed in 7a"),
    ]
    assert differences(record).is_empty()
    assert imported(record, files).changed_count == 0


def test_who_moves_to_another_class_of_the_course_stays_in_it(sqlite_record: Record) -> None:
    files = small_school()
    imported(sqlite_record, files)
    files["enrollments"] = [row for row in files["enrollments"] if row["userSourcedId"] != "ben"]
    files["enrollments"].append(enrollment("7b", "ben", "student"))
    imported(sqlite_record, files)
    assert standing(sqlite_record) == {("7a", "ada"), ("7b", "ben"), ("7b", "cy")}
    assert enrolments(sqlite_record)["ben", "algebra"] == "active"


def test_who_moves_to_a_class_of_another_course_drops_the_first(sqlite_record: Record) -> None:
    files = small_school()
    imported(sqlite_record, files)
    files["enrollments"] = [row for row in files["enrollments"] if row["userSourcedId"] != "ben"]
    files["enrollments"].append(enrollment("7c", "ben", "student"))
    imported(sqlite_record, files)
    found = enrolments(sqlite_record)
    assert (found["ben", "algebra"], found["ben", "art"]) == ("dropped", "active")


def test_who_comes_back_is_enrolled_again_with_what_was_done(record: Record) -> None:
    files = small_school()
    imported(record, files)
    with record.writing() as tx:
        [(course_id,)] = tx.execute(select(Course.id).where(Course.external_id == "algebra"))
        unit_id = add_unit(tx, course_id, "Numbers")
        read, _ = (add_module(tx, unit_id, name, "reading", published_at=_day(1)) for name in ("Read", "More"))
    ben = id_of(record, "ben")
    record_events(viewer_of(ben), [NewEvent("player", "1", ben, read, "viewed", _day(2))])
    back = files["enrollments"]
    files["enrollments"] = [row for row in back if row["userSourcedId"] != "ben"]
    imported(record, files)
    assert enrolments(record)["ben", "algebra"] == "dropped"
    files["enrollments"] = back
    report = imported(record, files)
    assert (standing(record), enrolments(record)["ben", "algebra"]) == (
        {("7a", "ada"), ("7a", "ben"), ("7b", "cy")},
        "active",
    )
    assert report.tallies["enrolments"].updated == 1
    done = select(CourseProgress.completed_modules_count).where(CourseProgress.user_id == ben)
    assert rows(record, done) == [(1,)]
    assert differences(record).is_empty()


def _day(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def test_who_has_completed_the_course_is_not_dropped(sqlite_record: Record) -> None:
    files = small_school()
    imported(sqlite_record, files)
    with sqlite_record.writing() as tx:
        [(course_id,)] = tx.execute(select(Course.id).where(Course.external_id == "algebra"))
        read = add_module(tx, add_unit(tx, course_id, "Numbers"), "Read", "reading", published_at=_day(1))
    ben = id_of(sqlite_record, "ben")
    record_events(viewer_of(ben), [NewEvent("player", "1", ben, read, "viewed", _day(2))])
    files["enrollments"] = [row for row in files["enrollments"] if row["userSourcedId"] != "ben"]
    imported(sqlite_record, files)
    assert enrolments(sqlite_record)["ben", "algebra"] == "completed"


def test_people_and_classes_that_a_bulk_file_does_not_name_stay_as_they_are(sqlite_record: Record) -> None:
    imported(sqlite_record, small_school())
    before = everything(sqlite_record)
    smaller = small_school()
    smaller["users"] = [only(smaller, "users", "ada"), only(smaller, "users", "mum")]
    smaller["classes"], smaller["enrollments"] = [], []
    imported(sqlite_record, smaller)
    assert everything(sqlite_record) == before


def test_role_that_a_person_gave_here_stays_and_is_told(sqlite_record: Record) -> None:
    files = small_school()
    imported(sqlite_record, files)
    only(files, "users", "head")["role"] = "teacher"
    report = imported(sqlite_record, files)
    assert open_roles(sqlite_record)["head"] == {"administrator", "teacher"}
    [line] = report.lines.filter(file="users.csv", subject="head").rows(named=True)
    assert line["reason"] == "role teacher given; also administrator here; the roster does not say so"
