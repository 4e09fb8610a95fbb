"""People, roles, passwords, guardians and classes, on both kinds of record."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from data.models import (
    ClassLearner,
    ClassTeacher,
    Course,
    Guardian,
    School,
    SchoolClass,
    SignInSession,
    User,
    UserRole,
)
from data.record import Record, Transaction
from progress.courses.classes import add_class, join_class, teach_class
from progress.people.accounts import (
    InvalidUsername,
    OwnGuardian,
    UnknownRole,
    UnknownUserId,
    UnknownUsername,
    UsernameTaken,
    add_school,
    add_user,
    deactivate,
    end_role,
    give_role,
    link_guardian,
    set_password,
    unlink_guardian,
    user_id_of,
)
from progress.people.passwords import PASSWORD_HASH, CommonPassword, LongPassword, WeakPassword


def test_person_is_stored_with_school_roles_and_a_password_that_only_its_hash_knows(record: Record) -> None:
    with record.writing() as tx:
        school_id = add_school(tx, "Elm School", time_zone="Europe/London", external_id="elm")
        user_id = add_user(
            tx,
            " Ann Bell ",
            username="Ann",
            password="correct horse",
            email="ann@example.org",
            external_id="P-1",
            school_id=school_id,
            roles=("teacher", "parent"),
        )
        number = tx.number
    with record.reading() as connection:
        person = connection.execute(select(User.__table__).where(User.id == user_id)).one()
        school = connection.execute(select(School.name, School.time_zone, School.external_id)).one()
        roles = connection.execute(select(UserRole.role, UserRole.ended_at).order_by(UserRole.role)).all()
    assert (person.full_name, person.username, person.email) == ("Ann Bell", "ann", "ann@example.org")
    assert (person.external_id, person.school_id, person.is_active, person.changed_in) == (
        "P-1",
        school_id,
        True,
        number,
    )
    assert person.password_hash.startswith("$argon2id$")
    assert PASSWORD_HASH.verify("correct horse", person.password_hash)
    assert tuple(school) == ("Elm School", "Europe/London", "elm")
    assert [tuple(role) for role in roles] == [("parent", None), ("teacher", None)]


@pytest.mark.parametrize("same", ["ann", "ANN", "  Ann "])
def test_usernames_that_differ_in_case_or_outer_spaces_are_the_same(record: Record, same: str) -> None:
    with record.writing() as tx:
        user_id = add_user(tx, "Ann Bell", username="Ann")
    with record.writing() as tx, pytest.raises(UsernameTaken) as refusal:
        add_user(tx, "Ann Other", username=same)
    assert refusal.value.username == "ann"
    with record.reading() as connection:
        assert user_id_of(connection, same) == user_id
        assert connection.scalars(select(User.full_name)).all() == ["Ann Bell"]


def test_many_people_can_be_without_a_username(record: Record) -> None:
    with record.writing() as tx:
        first, second = add_user(tx, "Ann Bell"), add_user(tx, "Ben Cole")
    assert first != second


@pytest.mark.parametrize("username", ["", "  ", "ann bell", "ann\tbell"])
def test_username_that_is_empty_or_has_a_space_inside_is_refused(sqlite_record: Record, username: str) -> None:
    with sqlite_record.writing() as tx, pytest.raises(InvalidUsername) as refusal:
        add_user(tx, "Ann Bell", username=username)
    assert refusal.value.username == username


def test_unknown_username_is_named(sqlite_record: Record) -> None:
    with sqlite_record.reading() as connection, pytest.raises(UnknownUsername, match="“nobody”"):
        user_id_of(connection, "nobody")


def test_password_of_eleven_characters_is_refused_and_not_repeated(sqlite_record: Record) -> None:
    with pytest.raises(WeakPassword) as refusal, sqlite_record.writing() as tx:
        add_user(tx, "Ann Bell", username="ann", password="sekret78901")
    assert (refusal.value.length, refusal.value.minimum_length) == (11, 12)
    assert "sekret78901" not in str(refusal.value)
    with sqlite_record.reading() as connection:
        assert connection.scalars(select(User.id)).all() == []


def test_password_of_twelve_characters_is_taken(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx:
        user_id = add_user(tx, "Ann Bell", username="ann", password="sekret789012")
        stored = tx.connection.scalar(select(User.password_hash).where(User.id == user_id))
    assert PASSWORD_HASH.verify("sekret789012", str(stored))


@pytest.mark.parametrize("password", ["password1234", "PASSWORD1234", "123456789012", "qwertyuiop123"])
def test_password_that_many_people_use_is_refused(sqlite_record: Record, password: str) -> None:
    with pytest.raises(CommonPassword), sqlite_record.writing() as tx:
        add_user(tx, "Ann Bell", username="ann", password=password)


def test_password_needs_no_digits_capitals_or_signs(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx:
        add_user(tx, "Ann Bell", username="ann", password="seven green bottles")


def test_password_of_more_than_a_thousand_characters_is_refused(sqlite_record: Record) -> None:
    with pytest.raises(LongPassword), sqlite_record.writing() as tx:
        add_user(tx, "Ann Bell", username="ann", password="x" * 1_001)


def test_unknown_role_is_refused_whether_given_added_or_ended(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx:
        user_id = add_user(tx, "Ann Bell")
        for act in (give_role, end_role):
            with pytest.raises(UnknownRole) as refusal:
                act(tx, user_id, "wizard")
            assert refusal.value.role == "wizard"
        with pytest.raises(UnknownRole):
            add_user(tx, "Ben Cole", roles=["wizard"])


def test_role_that_ended_keeps_its_row_and_can_be_given_back(record: Record) -> None:
    ended_at = select(UserRole.ended_at).where(UserRole.role == "teacher")
    with record.writing() as tx:
        user_id = add_user(tx, "Ann Bell", roles=["teacher"])
        end_role(tx, user_id, "teacher")
        ended = tx.connection.scalars(ended_at).all()
        give_role(tx, user_id, "teacher")
        given_back = tx.connection.scalars(ended_at).all()
    assert len(ended) == 1
    assert ended[0] is not None
    assert given_back == [None]


def test_ending_a_role_twice_keeps_the_first_end(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx:
        user_id = add_user(tx, "Ann Bell", roles=["teacher"])
        end_role(tx, user_id, "teacher")
        first_end = tx.connection.scalar(select(UserRole.ended_at))
        end_role(tx, user_id, "teacher")
        assert tx.connection.scalar(select(UserRole.ended_at)) == first_end


@pytest.mark.parametrize("act", [lambda tx, user_id: set_password(tx, user_id, "quite another one"), deactivate])
def test_new_password_and_closed_account_end_open_sessions_of_that_person_only(
    sqlite_record: Record, act: Callable[[Transaction, int], None]
) -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with sqlite_record.writing() as tx:
        ann, ben = add_user(tx, "Ann Bell"), add_user(tx, "Ben Cole")
        for token_hash, user_id in (("a", ann), ("b", ben)):
            opened = {"token_hash": token_hash, "user_id": user_id, "created_at": noon, "expires_at": noon}
            tx.execute(insert(SignInSession).values(opened))
        act(tx, ann)
        ended = {row.token_hash: row.ended_at for row in tx.execute(select(SignInSession.__table__))}
    assert ended["a"] is not None
    assert ended["b"] is None


def test_deactivated_person_keeps_their_row(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx:
        deactivate(tx, add_user(tx, "Ann Bell", username="ann"))
        assert tx.execute(select(User.username, User.is_active)).one() == ("ann", False)


def test_password_for_nobody_is_refused(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx, pytest.raises(UnknownUserId) as refusal:
        set_password(tx, 99, "more than long enough")
    assert refusal.value.user_id == 99


def test_every_child_and_every_guardian_has_a_link_of_its_own(record: Record) -> None:
    with record.writing() as tx:
        mother, father, child, sister = (add_user(tx, name) for name in ("Ann", "Abe", "Cem", "Dee"))
        link_guardian(tx, mother, child, "mother")
        link_guardian(tx, mother, sister, "mother")
        link_guardian(tx, father, child)
        link_guardian(tx, father, child, "father")
        links = tx.execute(select(Guardian.guardian_id, Guardian.learner_id, Guardian.relationship)).all()
    expected = {(mother, child, "mother"), (mother, sister, "mother"), (father, child, "father")}
    assert {tuple(link) for link in links} == expected


def test_guardian_whose_link_is_taken_up_again_keeps_the_word_for_it(record: Record) -> None:
    with record.writing() as tx:
        mother, child = add_user(tx, "Ann Bell"), add_user(tx, "Bo Bell")
        link_guardian(tx, mother, child, "mother")
        unlink_guardian(tx, mother, child)
        link_guardian(tx, mother, child)
        row = tx.execute(select(Guardian.relationship, Guardian.ended_at)).one()
    assert tuple(row) == ("mother", None)


def test_nobody_is_their_own_guardian(sqlite_record: Record) -> None:
    with sqlite_record.writing() as tx:
        user_id = add_user(tx, "Ann Bell")
        with pytest.raises(OwnGuardian) as refusal:
            link_guardian(tx, user_id, user_id)
    assert refusal.value.user_id == user_id


def test_class_has_its_course_teachers_and_learners(record: Record) -> None:
    with record.writing() as tx:
        course_id = tx.execute(
            insert(Course).values(title="Science", changed_in=tx.number).returning(Course.id)
        ).scalar()
        teacher, ann, ben = (add_user(tx, name) for name in ("Ms Oak", "Ann", "Ben"))
        class_id = add_class(tx, "7A", course_id, external_id="7a")
        teach_class(tx, class_id, teacher)
        teach_class(tx, class_id, teacher)
        join_class(tx, class_id, [ann, ben])
        join_class(tx, class_id, [ben])
        stored = tx.execute(select(SchoolClass.name, SchoolClass.course_id, SchoolClass.external_id)).one()
        teachers = tx.connection.scalars(select(ClassTeacher.user_id)).all()
        learners = tx.connection.scalars(select(ClassLearner.user_id).order_by(ClassLearner.user_id)).all()
    assert tuple(stored) == ("7A", course_id, "7a")
    assert teachers == [teacher]
    assert learners == [ann, ben]
