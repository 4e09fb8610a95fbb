"""Every figure of the views against plain Python, over random small schools."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from queries.class_progress import class_progress
from queries.cohort_trend import class_trend, cohort_trend
from queries.course_progress import course_progress, course_summary
from queries.milestone_timeline import milestone_timeline
from queries.module_progress import module_progress
from queries.unit_progress import unit_progress
from tests.examples import up_to
from tests.queries import naive
from tests.queries.cast import EVERYONE
from tests.queries.conftest import MakeCurrent
from tests.queries.world import LONG_AGO, NOW, Enrolment, Module, World
from tests.queries.worlds import worlds

examples = settings(
    max_examples=up_to(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return frame.select(columns).rows()


def about(figures: object) -> list[Any]:
    """A dataclass's values, with percentages compared to the last digits only."""
    assert hasattr(figures, "__dataclass_fields__")
    return [pytest.approx(value) if isinstance(value, float) else value for value in asdict(figures).values()]  # type: ignore[call-overload]


def cohort(world: World, class_id: int) -> list[Enrolment]:
    """The enrolments of those who are in the class today."""
    return list(dict.fromkeys(one for one, _, left_on in _in_class(world, class_id) if left_on is None))


def stays(world: World, class_id: int) -> list[Enrolment]:
    """Each stretch of weeks in the class as an enrolment that began and was dropped with it.

    A stretch that was over before its learner was enrolled is none.
    """
    found = []
    for one in {one.learner_id: one for one, _, _ in _in_class(world, class_id)}.values():
        spans = [(begin, end) for each, begin, end in _in_class(world, class_id) if each == one]
        for joined_on, left_on in _stretches(spans):
            began = max(one.enrolled_at, _midnight(world, joined_on))
            ended = min(filter(None, [one.dropped_at, left_on and _midnight(world, left_on)]), default=None)
            if ended is None or naive.monday(world, ended) >= naive.monday(world, began):
                found.append(replace(one, enrolled_at=began, dropped_at=ended))
    return found


def _stretches(spans: list[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Spans that end and begin in one week, or overlap, make one stretch; a span within one week makes none."""
    stretches: list[tuple[date, date | None]] = []
    for joined_on, left_on in sorted(spans, key=lambda span: (_monday(span[0]), _monday(span[1] or date.max))):
        if left_on is not None and _monday(joined_on) >= _monday(left_on):
            continue
        begun_on, until = stretches[-1] if stretches else (joined_on, joined_on)
        if stretches and (until is None or _monday(joined_on) <= _monday(until)):
            stretches[-1] = (begun_on, None if until is None or left_on is None else max(until, left_on))
        else:
            stretches.append((joined_on, left_on))
    return stretches


def _in_class(world: World, class_id: int) -> list[tuple[Enrolment, date, date | None]]:
    """Enrolments in the class's course with the stretches in the class, as far as they have come by today."""
    today = NOW.astimezone(ZoneInfo(world.time_zone)).date()
    enrolled = {one.learner_id: one for one in world.enrolments if one.course_id == world.classes[class_id]}
    return [
        (enrolled[learner_id], joined_on, left_on if left_on is not None and left_on <= today else None)
        for its_class, learner_id in world.class_learners
        if its_class == class_id and learner_id in enrolled
        for joined_on, left_on in world.spans.get((class_id, learner_id), [(LONG_AGO.date(), None)])
        if joined_on <= today and joined_on != left_on
    ]


def _midnight(world: World, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(world.time_zone)).astimezone(UTC)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def of_course(world: World, course_id: int) -> list[Enrolment]:
    return [one for one in world.enrolments if one.course_id == course_id]


@examples
@given(world=worlds())
def test_progress_of_learners_is_what_happened(recorded: MakeCurrent, world: World) -> None:
    recorded(world)
    assert sorted(rows(course_progress(EVERYONE), "learner_id", "course_id", "shown_percentage")) == sorted(
        (one.learner_id, one.course_id, naive.shown(*course_counts(world, one))) for one in world.enrolments
    )
    assert sorted(rows(unit_progress(EVERYONE), "learner_id", "unit_id", "shown_percentage", "status")) == sorted(
        (one.learner_id, unit_id, naive.shown(standing.completed, standing.total), naive.unit_status(standing))
        for one in world.enrolments
        for unit_id in world.units_of(one.course_id)
        if (standing := world.standing(one.learner_id, unit_id))
    )
    assert sorted(rows(module_progress(EVERYONE), "learner_id", "module_id", "status", "counts")) == sorted(
        (one.learner_id, module.id, status(world, one.learner_id, module), module.counts)
        for one in world.enrolments
        for module in world.modules.values()
        if module.course_id == one.course_id and module.published_at is not None
    )


@examples
@given(world=worlds())
def test_summaries_of_courses_and_classes_are_those_of_their_learners(recorded: MakeCurrent, world: World) -> None:
    recorded(world)
    columns = list(naive.Summary.__dataclass_fields__)
    for course_id in world.courses:
        answer = rows(course_summary(EVERYONE, course_id=course_id), *columns)
        assert [list(row) for row in answer] == [about(naive.summary(world, of_course(world, course_id)))]
    classes = class_progress(EVERYONE)
    for class_id in world.classes:
        answer = rows(classes.filter(pl.col("class_id") == class_id), *columns)
        assert [list(row) for row in answer] == [about(naive.summary(world, cohort(world, class_id)))]


@examples
@given(world=worlds())
def test_trends_are_what_was_true_week_by_week(recorded: MakeCurrent, world: World) -> None:
    recorded(world)
    columns = list(naive.Week.__dataclass_fields__)
    courses = cohort_trend(EVERYONE, list(world.courses), with_median=True)
    classes = class_trend(EVERYONE, list(world.classes), with_median=True)
    for course_id in world.courses:
        answer = rows(courses.filter(pl.col("course_id") == course_id), *columns)
        expected = naive.trend(world, course_id, of_course(world, course_id))
        assert [list(row) for row in answer] == [about(week) for week in expected]
    for class_id, course_id in world.classes.items():
        answer = rows(classes.filter(pl.col("class_id") == class_id), *columns)
        expected = naive.trend(world, course_id, stays(world, class_id))
        assert [list(row) for row in answer] == [about(week) for week in expected]


@examples
@given(world=worlds())
def test_last_week_of_a_trend_agrees_with_the_summary_of_today(recorded: MakeCurrent, world: World) -> None:
    recorded(world)
    trend = cohort_trend(EVERYONE, list(world.courses), with_median=True)
    for course_id in trend["course_id"].unique():
        columns = ("learners_count", "mean_modules_percentage", "median_modules_percentage")
        last = rows(trend.filter(pl.col("course_id") == course_id).tail(1), *columns)
        today = rows(course_summary(EVERYONE, course_id=course_id), *columns)
        assert [pytest.approx(value) for value in last[0]] == list(today[0])


@examples
@given(world=worlds())
def test_milestones_are_what_happened(recorded: MakeCurrent, world: World) -> None:
    recorded(world)
    for learner_id in world.names:
        answer = milestone_timeline(EVERYONE, learner_id)
        assert sorted(rows(answer, "subject_type", "subject_id")) == sorted(milestones(world, learner_id))
        assert answer["occurred_at"].is_sorted(descending=True)


def course_counts(world: World, one: Enrolment) -> tuple[int, int]:
    standings = [world.standing(one.learner_id, unit_id) for unit_id in world.units_of(one.course_id)]
    return sum(standing.is_complete for standing in standings), sum(standing.total > 0 for standing in standings)


def status(world: World, learner_id: int, module: Module) -> str:
    touch = world.touches.get((learner_id, module.id))
    if touch is None or touch.is_reset:
        return "not_started"
    return "completed" if touch.is_complete else "in_progress"


def milestones(world: World, learner_id: int) -> list[tuple[str, int]]:
    touches = [touch for touch in world.touches.values() if touch.learner_id == learner_id and touch.is_complete]
    enrolments = [one for one in world.enrolments if one.learner_id == learner_id]
    units = [unit_id for one in enrolments for unit_id in world.units_of(one.course_id)]
    return [
        *(("module", touch.module_id) for touch in touches),
        *(("unit", unit_id) for unit_id in units if world.standing(learner_id, unit_id).earned_at),
        *(("course", one.course_id) for one in enrolments if naive.shown(*course_counts(world, one)) == 100),
    ]
