"""Classes and courses that the school has ended: nobody chooses them or looks into them, and what was done stays."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from data.mirror import close_mirrors
from data.models import Course, SchoolClass
from data.record import Record
from progress.courses.classes import add_class, join_class, teach_class
from progress.courses.structure import add_course, enrol
from progress.people.access import taught_pairs, viewer_of
from progress.people.accounts import add_user
from queries.class_progress import class_progress
from queries.course_progress import course_progress
from queries.course_structure import courses
from queries.people import learners, people

ENDED = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def school(sqlite_record: Record) -> dict[str, int]:
    """Ada learns algebra in 7a, Ben art in 7b; Turing teaches both classes."""
    with sqlite_record.writing() as tx:
        algebra, art = add_course(tx, "Algebra"), add_course(tx, "Art")
        class_7a, class_7b = add_class(tx, "7a", algebra), add_class(tx, "7b", art)
        ada, ben = (add_user(tx, name, roles=["student"]) for name in ("Ada", "Ben"))
        turing = add_user(tx, "Turing", roles=["teacher"])
        head = add_user(tx, "Head", roles=["administrator"])
        for learner, course, school_class in ((ada, algebra, class_7a), (ben, art, class_7b)):
            enrol(tx, [learner], course, ENDED)
            join_class(tx, school_class, [learner])
            teach_class(tx, school_class, turing)
    return {"algebra": algebra, "art": art, "7a": class_7a, "7b": class_7b, "ada": ada, "ben": ben} | {
        "turing": turing,
        "head": head,
    }


def end(record: Record, model: type[SchoolClass] | type[Course], row_id: int) -> None:
    with record.writing() as tx:
        tx.execute(update(model).where(model.id == row_id).values(ended_at=ENDED, changed_in=tx.number))


def test_teacher_of_an_ended_class_neither_chooses_it_nor_sees_its_learners(
    sqlite_record: Record, school: dict[str, int]
) -> None:
    before = viewer_of(school["turing"])
    assert (set(before.class_ids), before.learner_ids) == ({school["7a"], school["7b"]}, {school["ada"], school["ben"]})
    end(sqlite_record, SchoolClass, school["7a"])
    after = viewer_of(school["turing"])
    assert (list(after.class_ids), set(after.learner_ids)) == ([school["7b"]], {school["ben"]})
    assert class_progress(after)["class_name"].to_list() == ["7b"]
    assert learners(after)["learner_name"].to_list() == ["Ben"]
    with sqlite_record.writing() as tx:
        assert taught_pairs(tx, after, [school["ada"], school["ben"]]) == {(school["ben"], school["art"])}


def test_ended_class_is_no_class_of_its_people_any_more(sqlite_record: Record, school: dict[str, int]) -> None:
    head = viewer_of(school["head"])
    classes = dict(people(head).select("full_name", "classes").rows())
    assert (classes["Ada"], classes["Turing"]) == (["7a"], ["7a", "7b"])
    end(sqlite_record, SchoolClass, school["7a"])
    close_mirrors()  # a view over a mirror built anew says the same
    classes = dict(people(head).select("full_name", "classes").rows())
    assert (classes["Ada"], classes["Turing"]) == ([], ["7b"])
    assert learners(head, class_id=school["7a"]).is_empty()


def test_ended_course_is_not_chosen_and_stays_in_its_learners_history(
    sqlite_record: Record, school: dict[str, int]
) -> None:
    end(sqlite_record, Course, school["algebra"])
    assert courses(viewer_of(school["head"]))["course_title"].to_list() == ["Art"]
    assert courses(viewer_of(school["ada"])).is_empty()
    ada = viewer_of(school["ada"])
    assert course_progress(ada, learner_id=school["ada"])["course_title"].to_list() == ["Algebra"]
