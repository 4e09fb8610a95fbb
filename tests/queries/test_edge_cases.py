"""The cases that other systems get wrong, each with its numbers."""

from datetime import timedelta

import pytest

from queries.class_progress import class_progress
from queries.cohort_trend import class_trend, cohort_trend
from queries.course_progress import course_progress, course_summary
from queries.course_structure import courses
from queries.milestone_timeline import milestone_timeline
from queries.module_progress import module_progress
from queries.next_module import continue_watching
from queries.unit_progress import unit_progress
from tests.queries.cast import EVERYONE
from tests.queries.conftest import MakeCurrent
from tests.queries.world import LONG_AGO, NOW, World


def test_learner_who_never_started_counts_as_zero_in_the_mean(recorded: MakeCurrent, world: World) -> None:
    course_id, modules = world.course_of_units(2)
    world.learners_with(course_id, modules, 2, 1, 0)
    recorded(world)
    summary = course_summary(EVERYONE).row(0, named=True)
    assert (summary["mean_percentage"], summary["learners_count"], summary["not_started_learners_count"]) == (50, 3, 1)


def test_dropped_learner_is_out_of_the_mean_of_today(recorded: MakeCurrent, world: World) -> None:
    course_id, modules = world.course_of_units(2)
    world.learners_with(course_id, modules, 1)
    world.enrol(gone := world.person("Gone", "student"), course_id, dropped_at=NOW - timedelta(days=1))
    for module_id in modules:
        world.touch(gone, module_id)
    recorded(world)
    summary = course_summary(EVERYONE).row(0, named=True)
    assert (summary["mean_percentage"], summary["learners_count"], summary["dropped_learners_count"]) == (50, 1, 1)


def test_unit_without_anything_that_counts_has_no_percentage(recorded: MakeCurrent, world: World) -> None:
    course_id = world.course()
    unit_id = world.unit(course_id)
    world.module(unit_id, is_required=False)
    world.enrol(world.person("Ann", "student"), course_id)
    recorded(world)
    unit = unit_progress(EVERYONE).row(0, named=True)
    course = course_progress(EVERYONE).row(0, named=True)
    assert (unit["completion_percentage"], unit["shown_percentage"], unit["total_modules"]) == (None, None, 0)
    assert (course["completion_percentage"], course["shown_percentage"], course["total_units"]) == (None, None, 0)


def test_mean_is_unknown_where_nothing_counts(recorded: MakeCurrent, world: World) -> None:
    course_id = world.course()
    world.enrol(world.person("Ann", "student"), course_id)
    recorded(world)
    columns = ("learners_count", "mean_percentage", "median_percentage")
    assert course_summary(EVERYONE).select(columns).rows() == [(1, None, None)]
    columns = ("learners_count", "mean_modules_percentage", "median_modules_percentage")
    assert course_summary(EVERYONE).select(columns).rows() == [(1, None, None)]
    assert cohort_trend(EVERYONE, [course_id], with_median=True).select(columns).rows()[-1] == (1, None, None)


def test_courses_and_classes_in_which_something_goes_on_come_first(recorded: MakeCurrent, world: World) -> None:
    empty, enrolled, begun, active = (world.course_of_units(1) for _ in range(4))
    ids = [course_id for course_id, _ in (empty, enrolled, begun, active)]
    for course_id, modules in (enrolled, begun, active):
        [learner_id] = world.learners_with(course_id, modules, 0 if course_id == enrolled[0] else 1)
        world.school_class(course_id, [learner_id])
        if course_id == active[0]:
            world.touch(learner_id, modules[0], NOW)
    world.school_class(empty[0], [])
    recorded(world)
    assert course_summary(EVERYONE)["course_id"].to_list() == ids
    assert course_summary(EVERYONE, busiest_first=True)["course_id"].to_list() == ids[::-1]
    assert class_progress(EVERYONE, busiest_first=True)["course_id"].to_list() == ids[::-1]
    assert courses(EVERYONE)["course_id"].to_list() == ids
    assert courses(EVERYONE, busiest_first=True)["course_id"].to_list() == ids[::-1]


@pytest.mark.parametrize(("authority", "active"), [("learner", 1), ("system", 1), ("staff", 0)])
def test_only_what_a_learner_did_makes_them_active(
    recorded: MakeCurrent, world: World, authority: str, active: int
) -> None:
    course_id, modules = world.course_of_units(2)
    [learner_id] = world.learners_with(course_id, [], 0)
    class_id = world.school_class(course_id, [learner_id])
    world.touch(learner_id, modules[0], NOW, authority=authority)
    recorded(world)
    assert course_summary(EVERYONE)["active_learners_count"].to_list() == [active]
    assert class_progress(EVERYONE)["active_learners_count"].to_list() == [active]
    assert cohort_trend(EVERYONE, [course_id])["active_learners_count"][-1] == active
    assert class_trend(EVERYONE, [class_id])["active_learners_count"][-1] == active
    assert course_progress(EVERYONE)["last_activity_at"].null_count() == 1 - active


@pytest.mark.parametrize(
    ("completed", "median"), [((0, 1, 4), 25), ((0, 1, 2, 4), 37.5), ((0, 0, 4, 4), 50), ((3,), 75), ((1, 4), 62.5)]
)
def test_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle(
    recorded: MakeCurrent, world: World, completed: tuple[int, ...], median: float
) -> None:
    course_id, modules = world.course_of_units(4)
    members = world.learners_with(course_id, modules, *completed)
    class_id = world.school_class(course_id, members)
    recorded(world)
    assert course_summary(EVERYONE)["median_percentage"].to_list() == [median]
    assert class_progress(EVERYONE)["median_percentage"].to_list() == [median]
    assert course_summary(EVERYONE)["median_modules_percentage"].to_list() == [median]
    assert cohort_trend(EVERYONE, [course_id], with_median=True)["median_modules_percentage"][-1] == median
    assert class_trend(EVERYONE, [class_id], with_median=True)["median_modules_percentage"][-1] == median


@pytest.mark.parametrize(("done", "total", "shown"), [(0, 3, 0), (1, 3, 33), (2, 3, 66), (3, 3, 100), (1, 150, 1)])
def test_shown_percentage_is_rounded_down_and_at_least_one_when_something_is_done(
    recorded: MakeCurrent, world: World, done: int, total: int, shown: int
) -> None:
    course_id = world.course()
    unit_id, modules = world.unit_of(course_id, modules=total)
    world.learners_with(course_id, modules, done)
    recorded(world)
    assert unit_progress(EVERYONE).select("unit_id", "shown_percentage").rows() == [(unit_id, shown)]


@pytest.mark.parametrize(("percentage", "shown"), [(0.0, 0), (0.2, 1), (57.9, 57), (99.9, 99), (100.0, 100)])
def test_module_in_progress_never_shows_as_complete(
    recorded: MakeCurrent, world: World, percentage: float, shown: int
) -> None:
    course_id, [module_id] = world.course_of_units(1)
    [learner_id] = world.learners_with(course_id, [], 0)
    world.touch(learner_id, module_id, percentage=percentage)
    recorded(world)
    assert module_progress(EVERYONE)["shown_percentage"].to_list() == [shown]


def test_module_is_shown_with_whether_it_is_available_and_hidden_ones_are_not(
    recorded: MakeCurrent, world: World
) -> None:
    course_id = world.course()
    unit_id = world.unit(course_id)
    world.module(unit_id)
    world.module(unit_id, is_required=False)
    world.module(unit_id, published_at=NOW + timedelta(days=1))
    world.module(unit_id, retired_at=NOW - timedelta(days=1))
    world.module(unit_id, published_at=None)
    world.enrol(learner_id := world.person("Ann", "student"), course_id)
    recorded(world)
    answer = module_progress(EVERYONE, learner_id=learner_id)
    assert answer.select("availability", "counts", "status").rows() == [
        ("open", True, "not_started"),
        ("open", False, "not_started"),
        ("upcoming", False, "not_started"),
        ("retired", False, "not_started"),
    ]


def test_what_comes_next_is_neither_optional_nor_upcoming_nor_in_a_dropped_course(
    recorded: MakeCurrent, world: World
) -> None:
    course_id = world.course()
    unit_id = world.unit(course_id)
    world.module(unit_id, is_required=False)
    world.module(unit_id, published_at=NOW + timedelta(days=1))
    expected = world.module(unit_id)
    dropped_course, _ = world.course_of_units(1)
    world.enrol(learner_id := world.person("Ann", "student"), course_id)
    world.enrol(learner_id, dropped_course, dropped_at=NOW)
    recorded(world)
    answer = continue_watching(EVERYONE, learner_id)
    assert answer.select("module_id", "course_title").rows() == [(expected, f"Course {course_id:04}")]


def test_course_that_was_completed_says_how_many_modules_are_new(recorded: MakeCurrent, world: World) -> None:
    course_id, modules = world.course_of_units(2)
    [learner_id] = world.learners_with(course_id, modules, 2)
    recorded(world)
    assert course_progress(EVERYONE)["new_modules_count"].to_list() == [0]
    later = World()
    course_id, modules = later.course_of_units(2)
    [learner_id] = later.learners_with(course_id, modules, 1)
    later.completed_courses[learner_id, course_id] = LONG_AGO - timedelta(days=1)
    recorded(later)
    row = course_progress(EVERYONE).row(0, named=True)
    assert (row["new_modules_count"], row["shown_percentage"]) == (1, 50)


def test_what_a_completed_course_never_asked_for_is_not_new(recorded: MakeCurrent, world: World) -> None:
    course_id, modules = world.course_of_units(2)
    [learner_id] = world.learners_with(course_id, modules, 1)
    world.completed_courses[learner_id, course_id] = LONG_AGO + timedelta(days=1)
    recorded(world)
    row = course_progress(EVERYONE).row(0, named=True)
    assert (row["new_modules_count"], row["shown_percentage"]) == (0, 50)


def test_timeline_keeps_to_the_course_the_kinds_and_the_number_asked_for(recorded: MakeCurrent, world: World) -> None:
    course_id, modules = world.course_of_units(2)
    other_course, other_modules = world.course_of_units(1)
    [learner_id] = world.learners_with(course_id, modules, 2)
    world.enrol(learner_id, other_course)
    world.touch(learner_id, other_modules[0], NOW - timedelta(days=1), score=88.5)
    recorded(world)
    newest = milestone_timeline(EVERYONE, learner_id, subject_types=["module"], limit=2)
    assert newest.select("subject_id", "score").rows() == [(other_modules[0], 88.5), (modules[0], None)]
    of_course = milestone_timeline(EVERYONE, learner_id, course_id=course_id, subject_types=["unit", "course"])
    assert of_course["subject_type"].to_list() == ["course", "unit", "unit"]
