"""Weeks of courses are kept until the course changes, by what is recorded or by the clock alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import sleep

import polars as pl
import pytest
from sqlalchemy import update

from data.mirror import current_mirror
from data.models import ModuleSpan
from data.record import Transaction, current_record
from progress.courses.enrolment import drop
from progress.courses.structure import retire_module
from queries.asking import ask, course_parts
from queries.cohort_trend import cohort_trend
from tests.queries.cast import EVERYONE, Cast
from tests.queries.world import NOW
from tests.queries.world_rows import touch_row

CHANGES: list[Callable[[Transaction, Cast], object]] = [
    lambda tx, cast: touch_row(tx, cast.learners["Bo"], cast.maths_modules[2], NOW),
    lambda tx, cast: drop(tx, cast.learners["Amal"], cast.maths, NOW),
    lambda tx, cast: retire_module(tx, cast.maths_modules[0], NOW - timedelta(hours=1)),
]


def trends(cast: Cast) -> list[pl.DataFrame]:
    """What an administrator and a teacher of one of the courses see of both."""
    courses = [cast.maths, cast.art]
    return [cohort_trend(viewer, courses, with_median=True) for viewer in (EVERYONE, cast.teacher)]


def computed_anew(cast: Cast) -> list[pl.DataFrame]:
    course_parts.forget_parts()
    ask.forget_answers()
    return trends(cast)


@pytest.mark.parametrize("change", CHANGES, ids=["done", "dropped", "retired"])
def test_kept_weeks_give_way_to_what_changed(cast: Cast, change: Callable[[Transaction, Cast], object]) -> None:
    before = trends(cast)
    with current_record().writing() as tx:
        change(tx, cast)
    after, anew = trends(cast), computed_anew(cast)
    assert [trend.rows() for trend in after] == [trend.rows() for trend in anew]
    assert after[0].rows() != before[0].rows()


def test_only_the_course_that_changed_is_computed_anew(cast: Cast) -> None:
    trends(cast)
    kept = course_parts._kept[current_mirror()]
    before = dict(kept)
    [in_art, *_] = [module.id for module in cast.world.modules.values() if module.course_id == cast.art]
    with current_record().writing() as tx:
        touch_row(tx, cast.learners["Dina"], in_art, NOW)
    trends(cast)
    assert {course for (sql, course), rows in kept.items() if rows is not before[sql, course]} == {cast.art}


def test_weeks_change_when_a_module_begins_to_count_by_time_alone(cast: Cast) -> None:
    at = datetime.now(UTC) + timedelta(seconds=2)
    with current_record().writing() as tx:
        of_module = ModuleSpan.module_id == cast.maths_modules[0]
        tx.execute(update(ModuleSpan).where(of_module).values(starts_at=at, changed_in=tx.number))
    [before, _] = trends(cast)
    assert datetime.now(UTC) < at
    sleep(2)
    ask.forget_answers()  # within a minute an answer is remembered
    [after, _] = trends(cast)
    assert after.rows() != before.rows()
    assert after.rows() == computed_anew(cast)[0].rows()


def test_question_about_no_course_has_the_columns_of_one_about_some(cast: Cast) -> None:
    assert cohort_trend(EVERYONE, []).schema == cohort_trend(EVERYONE, [cast.maths]).schema
