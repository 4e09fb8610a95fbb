"""Content that changes under learners: both sides of the fraction move together, what was earned stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from data.models import CourseProgress, UnitProgress
from data.record import Record
from progress.courses.enrolment import NotEnrolled, NotLearners
from progress.courses.structure import (
    UnknownModule,
    UnknownUnit,
    add_module,
    add_unit,
    apply_due_releases,
    drop,
    enrol,
    hide_module,
    publish_module,
    require_module,
    retire_module,
)
from progress.people.accounts import add_user
from progress.recording.events import NewEvent
from progress.recording.rebuild import differences
from progress.recording.record import record as record_events
from tests.progress.school import START, School, minute, open_school
from tests.restoring import back_up, restore


@pytest.fixture
def school(record: Record) -> School:
    return open_school(record)


def complete(school: School, learner: str, *modules: str) -> None:
    teacher = school.viewer("teacher")
    learner_id = getattr(school, learner)
    record_events(
        teacher,
        [
            NewEvent("test", f"{learner}-{name}", learner_id, school.modules[name], "completed", minute(1))
            for name in modules
        ],
    )


def unit(record: Record, learner_id: int, unit_id: int) -> tuple[int, int, float | None]:
    with record.reading() as connection:
        row = connection.execute(
            select(UnitProgress).where(UnitProgress.user_id == learner_id, UnitProgress.unit_id == unit_id)
            .with_only_columns(
                UnitProgress.completed_modules_count, UnitProgress.total_modules, UnitProgress.completion_percentage
            )
        ).one()  # fmt: skip
    return tuple(row)


def course(record: Record, learner_id: int, course_id: int) -> object:
    with record.reading() as connection:
        statement = select(CourseProgress.__table__).where(
            CourseProgress.user_id == learner_id, CourseProgress.course_id == course_id
        )
        return connection.execute(statement).one()


def test_a_new_module_changes_every_enrolled_learner(record: Record, school: School) -> None:
    with record.writing() as tx:
        add_module(tx, school.units[0], "Cell walls", "reading", published_at=minute(5))
    assert unit(record, school.ada, school.units[0]) == unit(record, school.ben, school.units[0]) == (0, 3, 0.0)


def test_a_completed_course_keeps_its_date_when_a_module_comes_and_shows_the_live_percentage(
    record: Record, school: School
) -> None:
    complete(school, "ada", *school.modules)
    with record.writing() as tx:
        add_module(tx, school.units[0], "Cell walls", "reading", published_at=minute(5))
    row = course(record, school.ada, school.course)
    assert (row.completed_at, row.completion_percentage) == (minute(1), 50.0)
    assert (row.completed_modules_count, row.total_modules) == (4, 5)


def test_a_retired_module_leaves_both_sides_of_the_fraction(record: Record, school: School) -> None:
    complete(school, "ada", "reading")
    with record.writing() as tx:
        retire_module(tx, school.modules["reading"], minute(5))
    assert unit(record, school.ada, school.units[0]) == (0, 1, 0.0)


def test_retiring_the_last_open_module_completes_the_unit_at_that_moment(record: Record, school: School) -> None:
    complete(school, "ada", "reading")
    with record.writing() as tx:
        retire_module(tx, school.modules["lecture"], minute(7))
    with record.reading() as connection:
        statement = select(UnitProgress.completed_at).where(
            UnitProgress.user_id == school.ada, UnitProgress.unit_id == school.units[0]
        )
        assert connection.execute(statement).scalar_one() == minute(7)


def test_an_emptied_unit_has_no_percentage_and_leaves_the_courses_total(record: Record, school: School) -> None:
    with record.writing() as tx:
        for name in ("reading", "lecture"):
            hide_module(tx, school.modules[name], minute(5))
    assert unit(record, school.ada, school.units[0]) == (0, 0, None)
    assert course(record, school.ada, school.course).total_units == 1


def test_a_hidden_module_comes_back_with_what_was_done_in_it(record: Record, school: School) -> None:
    complete(school, "ada", "reading")
    with record.writing() as tx:
        hide_module(tx, school.modules["reading"], minute(5))
        publish_module(tx, school.modules["reading"], minute(6))
    assert unit(record, school.ada, school.units[0]) == (1, 2, 50.0)


def test_an_optional_module_never_counts(record: Record, school: School) -> None:
    complete(school, "ada", "reading")
    with record.writing() as tx:
        require_module(tx, school.modules["reading"], False, minute(5))
    assert unit(record, school.ada, school.units[0]) == (0, 1, 0.0)


def test_an_upcoming_module_counts_from_its_release_on(record: Record, school: School) -> None:
    release = datetime.now(UTC) + timedelta(days=2)
    with record.writing() as tx:
        add_module(tx, school.units[0], "Next week", "reading", published_at=release)
    assert unit(record, school.ada, school.units[0]) == (0, 2, 0.0)
    assert apply_due_releases(release - timedelta(seconds=1)) == 0
    assert apply_due_releases(release) == 1
    assert unit(record, school.ada, school.units[0]) == (0, 3, 0.0)
    assert apply_due_releases(release + timedelta(days=1)) == 0


def test_a_retirement_that_lies_ahead_takes_effect_when_its_time_comes(record: Record, school: School) -> None:
    retirement = datetime.now(UTC) + timedelta(days=2)
    with record.writing() as tx:
        retire_module(tx, school.modules["reading"], retirement)
    assert unit(record, school.ada, school.units[0]) == (0, 2, 0.0)
    assert apply_due_releases(retirement) == 1
    assert unit(record, school.ada, school.units[0]) == (0, 1, 0.0)


def test_a_learner_enrolled_late_starts_with_every_row_at_zero(record: Record, school: School) -> None:
    with record.writing() as tx:
        late = add_user(tx, "Late Lena", roles=["student"])
        enrol(tx, [late], school.course, minute(30))
    assert unit(record, late, school.units[1]) == (0, 2, 0.0)
    assert course(record, late, school.course).total_units == 2


def test_staff_are_not_enrolled_and_with_them_nobody(record: Record, school: School) -> None:
    with record.writing() as tx:
        late = add_user(tx, "Late Lena", roles=["student"])

    def enrol_both() -> None:
        with record.writing() as tx:
            enrol(tx, [late, school.teacher], school.course, minute(30))

    with pytest.raises(NotLearners, match=f"Give it first to: {school.teacher}."):
        enrol_both()
    with record.reading() as connection:
        rows = select(CourseProgress.user_id).where(CourseProgress.user_id.in_([late, school.teacher]))
        assert connection.execute(rows).all() == []


def test_a_learner_who_dropped_out_comes_back_with_all_progress(record: Record, school: School) -> None:
    complete(school, "ada", "reading")
    with record.writing() as tx:
        drop(tx, school.ada, school.course, minute(10))
    with record.writing() as tx:
        enrol(tx, [school.ada], school.course, minute(20))
    assert unit(record, school.ada, school.units[0]) == (1, 2, 50.0)
    assert differences(record).rows() == []


def test_a_course_that_a_restore_put_back_is_known_by_the_shape_it_has_then(
    record: Record, school: School, tmp_path: Path
) -> None:
    """Though the next change of structure after it has the number of one that it undid."""
    back_up(record, tmp_path / "backup")
    with record.writing() as tx:
        retire_module(tx, school.modules["lecture"], minute(0))
    complete(school, "ben", "reading")
    restore(record, tmp_path / "backup")
    with record.writing() as tx:
        add_unit(tx, school.other_course, "Kings")
    complete(school, "ada", "reading")
    assert unit(record, school.ada, school.units[0])[:2] == (1, 2)


def test_a_new_empty_unit_completes_nothing(record: Record, school: School) -> None:
    complete(school, "ada", *school.modules)
    with record.writing() as tx:
        empty = add_unit(tx, school.course, "To come")
    assert unit(record, school.ada, empty) == (0, 0, None)
    assert course(record, school.ada, school.course).completion_percentage == 100.0


def test_what_does_not_exist_is_named(record: Record, school: School) -> None:
    with pytest.raises(UnknownModule, match="There is no module with the id 999"), record.writing() as tx:
        hide_module(tx, 999, START)
    with pytest.raises(UnknownUnit, match="There is no unit with the id 999"), record.writing() as tx:
        add_module(tx, 999, "Lost", "reading")
    with pytest.raises(NotEnrolled, match="is not enrolled in course"), record.writing() as tx:
        drop(tx, school.teacher, school.course, START)


def test_a_change_that_fails_half_way_leaves_nothing(record: Record, school: School) -> None:
    def hide_two() -> None:
        with record.writing() as tx:
            hide_module(tx, school.modules["reading"], minute(5))
            hide_module(tx, 999, minute(5))

    with pytest.raises(UnknownModule):
        hide_two()
    assert unit(record, school.ada, school.units[0]) == (0, 2, 0.0)
