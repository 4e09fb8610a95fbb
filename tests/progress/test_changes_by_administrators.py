"""What administrators change about people, enrolments and schools; a change that is refused leaves nothing behind."""

from typing import Any

import pytest
from sqlalchemy import func, select

from data.models import AuditEntry, Base, Enrolment, Guardian, PasswordState, User
from data.models import School as StoredSchool
from data.record import Record
from data.viewer import NotAllowed
from progress.courses.administering import all_schools, change_time_zone, take_back
from progress.courses.enrolment import NotEnrolled, NotLearners, drop
from progress.courses.schools import UnknownTimeZone
from progress.people.accounts import (
    InvalidUsername,
    LastAdministrator,
    OwnGuardian,
    UnknownRole,
    UnknownUserId,
    UsernameTaken,
    add_school,
    add_user,
    end_role,
    set_password,
)
from progress.people.administering import (
    add_person,
    change_roles,
    close_account,
    end_family_link,
    link_family,
    open_account_again,
    set_someones_password,
)
from progress.people.passwords import CommonPassword, WeakPassword
from tests.progress.school import START, open_school

PASSWORD = "correct horse battery"


def everything(record: Record) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with record.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)))) for table in Base.metadata.sorted_tables
        }


def test_a_former_administrator_is_refused(sqlite_record: Record) -> None:
    school = open_school(sqlite_record)
    with sqlite_record.writing() as tx:
        end_role(tx, school.administrator, "administrator")
    with pytest.raises(NotAllowed):
        close_account(school.viewer("administrator"), school.ben)


def test_an_added_person_has_to_choose_another_password(record: Record) -> None:
    school = open_school(record)
    user_id = add_person(school.viewer("administrator"), " Eve ", username="Eve", password=PASSWORD, roles=["parent"])
    with record.reading() as connection:
        person = connection.execute(select(User.full_name, User.username).where(User.id == user_id)).one()
        must_be_changed = connection.scalar(
            select(PasswordState.must_be_changed).where(PasswordState.user_id == user_id)
        )
        noted = connection.execute(
            select(AuditEntry.kind, AuditEntry.actor_id).where(AuditEntry.subject_id == user_id)
        ).all()
    assert tuple(person) == ("Eve", "eve")
    assert must_be_changed is True
    assert {tuple(row) for row in noted} == {
        ("account.added", school.administrator),
        ("password.set", school.administrator),
    }


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        ({"username": "taken"}, UsernameTaken),
        ({"username": "two words"}, InvalidUsername),
        ({"username": "eve", "password": "short"}, WeakPassword),
        ({"username": "eve", "password": "passwordpassword"}, CommonPassword),
        ({"roles": ["student", "wizard"]}, UnknownRole),
    ],
)
def test_a_person_who_cannot_be_added_leaves_nothing(
    record: Record, details: dict[str, Any], refusal: type[Exception]
) -> None:
    school = open_school(record)
    with record.writing() as tx:
        add_user(tx, "Taken", username="taken")
    before = everything(record)
    with pytest.raises(refusal):
        add_person(school.viewer("administrator"), "Eve", **details)
    assert everything(record) == before


def test_roles_are_changed_all_or_none(record: Record) -> None:
    school = open_school(record)
    with record.writing() as tx:
        boss = add_user(tx, "Boss", username="boss", password=PASSWORD, roles=["administrator"])
    before = everything(record)
    viewer = school.viewer("administrator")
    with pytest.raises(LastAdministrator):
        change_roles(viewer, boss, given=["teacher"], ended=["administrator"])
    with pytest.raises(UnknownRole):
        change_roles(viewer, boss, given=["teacher", "wizard"], ended=[])
    assert everything(record) == before
    change_roles(viewer, school.ada, given=["parent", "teacher"], ended=["student"])
    assert school.viewer("ada").roles == {"parent", "teacher"}


def test_only_a_password_that_someone_else_set_has_to_be_changed(record: Record) -> None:
    school = open_school(record)
    viewer = school.viewer("administrator")
    for user_id, expected in ((school.ada, True), (school.administrator, False)):
        set_someones_password(viewer, user_id, PASSWORD)
        with record.reading() as connection:
            must_be_changed = select(PasswordState.must_be_changed).where(PasswordState.user_id == user_id)
            assert connection.scalar(must_be_changed) is expected
    for refused, password in ((UnknownUserId, PASSWORD), (WeakPassword, "short")):
        with pytest.raises(refused):
            set_someones_password(viewer, 999_999, password)


def test_an_account_is_closed_and_opened_again(record: Record) -> None:
    school = open_school(record)
    viewer = school.viewer("administrator")
    is_active = select(User.is_active).where(User.id == school.ada)
    for act, expected in ((close_account, False), (open_account_again, True)):
        act(viewer, school.ada)
        with record.reading() as connection:
            assert connection.scalar(is_active) is expected
    with record.writing() as tx:
        boss = add_user(tx, "Boss", username="boss", roles=["administrator"])
        set_password(tx, boss, PASSWORD)
    for user_id, refusal in ((boss, LastAdministrator), (999_999, UnknownUserId)):
        with pytest.raises(refusal):
            close_account(viewer, user_id)


def test_a_guardian_becomes_a_parent_and_stays_one_when_the_link_ends(record: Record) -> None:
    school = open_school(record)
    viewer = school.viewer("administrator")
    link_family(viewer, school.nobody, school.ben, "aunt")
    assert school.viewer("nobody").roles == {"parent"}
    assert school.viewer("nobody").child_ids == (school.ben,)
    end_family_link(viewer, school.nobody, school.ben)
    assert school.viewer("nobody").roles == {"parent"}
    assert school.viewer("nobody").child_ids == ()
    with pytest.raises(OwnGuardian):
        link_family(viewer, school.ben, school.ben)
    assert school.viewer("ben").roles == {"student"}
    with record.reading() as connection:
        assert connection.scalar(select(func.count()).where(Guardian.guardian_id == school.ben)) == 0


def test_only_students_who_were_in_the_course_are_taken_back(record: Record) -> None:
    school = open_school(record)
    viewer = school.viewer("administrator")
    with record.writing() as tx:
        drop(tx, school.ben, school.other_course, START)
    take_back(viewer, school.ben, school.other_course)
    status = select(Enrolment.status, Enrolment.dropped_at).where(
        Enrolment.user_id == school.ben, Enrolment.course_id == school.other_course
    )
    with record.reading() as connection:
        assert tuple(connection.execute(status).one()) == ("active", None)
    with pytest.raises(NotEnrolled):
        take_back(viewer, school.ada, school.other_course)
    with record.writing() as tx:
        drop(tx, school.ben, school.other_course, START)
        end_role(tx, school.ben, "student")
    with pytest.raises(NotLearners):
        take_back(viewer, school.ben, school.other_course)
    with record.reading() as connection:
        assert connection.execute(status).one().status == "dropped"


def test_a_time_zone_that_does_not_exist_changes_no_school(record: Record) -> None:
    viewer = open_school(record).viewer("administrator")
    with record.writing() as tx:
        elm = add_school(tx, "Elm School")
    with pytest.raises(UnknownTimeZone):
        change_time_zone(viewer, [elm], "Mars/Olympus")
    assert change_time_zone(viewer, [elm], "Asia/Tokyo") == 1
    assert [(each.name, each.time_zone) for each in all_schools(viewer)] == [("Elm School", "Asia/Tokyo")]
    with record.reading() as connection:
        assert connection.scalars(select(StoredSchool.time_zone)).all() == ["Asia/Tokyo"]
