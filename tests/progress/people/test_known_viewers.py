"""A viewer is remembered only until something changes that their rights rest on; whoever changes it, and wherever."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time

import pytest
from sqlalchemy import event, update

from data.models import ClassLearner, ClassTeacher, School, User
from data.record import Record, Transaction
from progress.courses.classes import add_class, join_class, teach_class
from progress.courses.structure import add_course, enrol
from progress.people.access import UnknownPerson, viewer_of
from progress.people.accounts import (
    add_school,
    add_user,
    deactivate,
    end_role,
    give_role,
    link_guardian,
    unlink_guardian,
)
from tests.restoring import back_up, restore

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def add(record: Record, name: str, *roles: str) -> int:
    with record.writing() as tx:
        return add_user(tx, name, username=name, roles=roles)


def change(record: Record, act: Callable[[Transaction], object]) -> None:
    with record.writing() as tx:
        act(tx)


def statements(record: Record, act: Callable[[], object]) -> int:
    """How many statements the record runs for this, on SQLite also those that go there straight."""
    seen: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith("begin"):
            seen.append(statement)

    event.listen(record.engine, "before_cursor_execute", note)
    with record.looking() if record.is_sqlite else nullcontext() as straight:
        if straight:
            straight.set_trace_callback(seen.append)
    act()
    with record.looking() if record.is_sqlite else nullcontext() as straight:
        if straight:
            straight.set_trace_callback(None)
    event.remove(record.engine, "before_cursor_execute", note)
    return len(seen)


def test_second_question_about_the_same_person_is_one_read(record: Record) -> None:
    ada = add(record, "ada", "student", "teacher", "parent")
    assert statements(record, lambda: viewer_of(ada)) == 7  # a look, and then all in one transaction
    assert statements(record, lambda: viewer_of(ada)) == 1


def test_what_learners_do_forgets_nobody(record: Record) -> None:
    ada = add(record, "ada", "student")
    with record.writing() as tx:
        course_id = add_course(tx, "Algebra")
    viewer_of(ada)
    change(record, lambda tx: enrol(tx, [ada], course_id, NOW))
    assert statements(record, lambda: viewer_of(ada)) == 1


def test_role_that_ends_is_gone_at_the_next_question(record: Record) -> None:
    ada = add(record, "ada", "student", "teacher")
    assert viewer_of(ada).roles == {"student", "teacher"}
    change(record, lambda tx: end_role(tx, ada, "teacher"))
    assert viewer_of(ada).roles == {"student"}
    change(record, lambda tx: give_role(tx, ada, "parent"))
    assert viewer_of(ada).roles == {"student", "parent"}


def test_child_whose_link_ends_is_gone_at_the_next_question(record: Record) -> None:
    mother, ada = add(record, "mother", "parent"), add(record, "ada", "student")
    change(record, lambda tx: link_guardian(tx, mother, ada))
    assert viewer_of(mother).learner_ids == {ada}
    change(record, lambda tx: unlink_guardian(tx, mother, ada))
    assert viewer_of(mother).learner_ids == set()


def test_learners_and_classes_come_and_go_with_the_next_question(record: Record) -> None:
    turing, ada, ben = add(record, "turing", "teacher"), add(record, "ada", "student"), add(record, "ben", "student")
    with record.writing() as tx:
        class_7a = add_class(tx, "7a", add_course(tx, "Algebra"))
        teach_class(tx, class_7a, turing)
        join_class(tx, class_7a, [ada])
    assert viewer_of(turing).learner_ids == {ada}
    change(record, lambda tx: join_class(tx, class_7a, [ben]))
    assert viewer_of(turing).learner_ids == {ada, ben}
    left = update(ClassLearner).where(ClassLearner.user_id == ada).values(left_on=ClassLearner.joined_on)
    change(record, lambda tx: tx.execute(left.values(changed_in=tx.number)))
    assert viewer_of(turing).learner_ids == {ben}
    ended = update(ClassTeacher).values(left_on=ClassTeacher.joined_on)
    change(record, lambda tx: tx.execute(ended.values(changed_in=tx.number)))
    assert (viewer_of(turing).learner_ids, viewer_of(turing).class_ids) == (set(), ())


def test_closed_account_is_nobody_at_the_next_question(record: Record) -> None:
    ada = add(record, "ada", "student")
    viewer_of(ada)
    change(record, lambda tx: deactivate(tx, ada))
    with pytest.raises(UnknownPerson):
        viewer_of(ada)


def test_time_zone_follows_the_school(record: Record) -> None:
    ada = add(record, "ada", "student")
    with record.writing() as tx:
        school = add_school(tx, "Alder Grove", time_zone="Europe/London")
        tx.execute(update(User).values(school_id=school, changed_in=tx.number))
    assert viewer_of(ada).time_zone == "Europe/London"
    change(record, lambda tx: tx.execute(update(School).values(time_zone="Asia/Tokyo", changed_in=tx.number)))
    assert viewer_of(ada).time_zone == "Asia/Tokyo"


def test_change_made_through_another_connection_to_the_record_counts_at_once(record: Record) -> None:
    elsewhere = Record(record.engine.url.render_as_string(hide_password=False))
    ada = add(record, "ada", "student", "teacher")
    assert viewer_of(ada).roles == {"student", "teacher"}
    change(elsewhere, lambda tx: end_role(tx, ada, "teacher"))
    assert viewer_of(ada).roles == {"student"}
    elsewhere.close()


def test_change_that_began_before_a_newer_one_and_ended_after_it_is_seen(postgresql_record: Record) -> None:
    ada, ben = add(postgresql_record, "ada", "student", "teacher"), add(postgresql_record, "ben", "student")
    with postgresql_record.writing() as earlier:
        change(postgresql_record, lambda newer: end_role(newer, ben, "student"))
        assert viewer_of(ada).roles == {"student", "teacher"}
        end_role(earlier, ada, "teacher")
        assert viewer_of(ada).roles == {"student", "teacher"}
    assert viewer_of(ada).roles == {"student"}


def test_change_that_is_taken_back_changes_nothing(record: Record) -> None:
    ada = add(record, "ada", "student", "teacher")
    viewer_of(ada)

    def fail_after_ending_the_role(tx: Transaction) -> None:
        end_role(tx, ada, "teacher")
        assert viewer_of(ada).roles == {"student", "teacher"}
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change(record, fail_after_ending_the_role)
    assert viewer_of(ada).roles == {"student", "teacher"}


def test_rights_that_a_restore_undid_are_gone_though_other_changes_took_their_numbers(
    record: Record, tmp_path: Path
) -> None:
    ada, ben = add(record, "ada", "student"), add(record, "ben", "student")
    back_up(record, tmp_path / "backup")
    change(record, lambda tx: give_role(tx, ada, "teacher"))
    assert viewer_of(ada).roles == {"student", "teacher"}
    restore(record, tmp_path / "backup")
    change(record, lambda tx: give_role(tx, ben, "teacher"))
    assert viewer_of(ada).roles == {"student"}


def test_asking_again_takes_well_below_a_millisecond(sqlite_record: Record) -> None:
    ada = add(sqlite_record, "ada", "student", "teacher", "parent")
    viewer_of(ada)
    begun = thread_time()
    for _ in range(300):
        viewer_of(ada)
    assert (thread_time() - begun) / 300 < 0.000_6
