"""Trends: who is counted in which week, and what is withheld from whom."""

from datetime import date, timedelta

import pytest

from data.viewer import Viewer
from queries.cohort_trend import cohort_trend
from tests.queries.cast import EVERYONE
from tests.queries.conftest import MakeCurrent
from tests.queries.world import NOW, World


def test_dropped_learner_stays_in_what_was_true_before(recorded: MakeCurrent, world: World) -> None:
    course_id, modules = world.course_of_units(2)
    weeks_ago = [NOW - timedelta(weeks=count) for count in range(4)]
    stays, leaves = world.person("Stays", "student"), world.person("Leaves", "student")
    world.enrol(stays, course_id, weeks_ago[3])
    world.enrol(leaves, course_id, weeks_ago[3], dropped_at=weeks_ago[1])
    world.touch(leaves, modules[0], weeks_ago[2])
    recorded(world)
    trend = cohort_trend(EVERYONE, [course_id]).select("learners_count", "mean_modules_percentage").rows()
    assert trend == [(2, 0), (2, 25), (1, 0), (1, 0)]


@pytest.mark.parametrize(
    ("taught", "strangers", "is_withheld"), [(0, 4, True), (0, 5, False), (3, 1, True), (3, 0, False), (3, 5, False)]
)
def test_figures_about_fewer_than_five_strangers_are_withheld_from_a_teacher(
    recorded: MakeCurrent, world: World, taught: int, strangers: int, is_withheld: bool
) -> None:
    course_id, modules = world.course_of_units(1)
    everyone = world.learners_with(course_id, modules, *[1] * (taught + strangers))
    class_id = world.school_class(course_id, everyone[:taught])
    recorded(world)
    teacher = Viewer(0, "Teo", frozenset({"teacher"}), frozenset(everyone[:taught]), class_ids=(class_id,))
    last = cohort_trend(teacher, [course_id]).row(-1, named=True)
    assert last["is_withheld"] == is_withheld
    assert (last["mean_modules_percentage"], last["learners_count"], last["active_learners_count"]) == (
        (None, None, None) if is_withheld else (100, taught + strangers, 0)
    )


def test_small_course_without_a_class_is_not_withheld_from_an_administrator(
    recorded: MakeCurrent, world: World
) -> None:
    course_id, modules = world.course_of_units(1)
    world.learners_with(course_id, modules, 1)
    recorded(world)
    last = cohort_trend(EVERYONE, [course_id]).row(-1, named=True)
    assert (last["is_withheld"], last["mean_modules_percentage"], last["learners_count"]) == (False, 100, 1)


def test_weeks_begin_on_monday_in_the_time_zone_of_the_school(recorded: MakeCurrent) -> None:
    world = World(time_zone="Pacific/Auckland")
    course_id = world.course(ends_on=date(2020, 3, 1))
    sunday_noon_utc = NOW.replace(year=2020, month=2, day=2, hour=12, minute=0, second=0)  # Monday 01:00 there
    world.enrol(world.person("Ann", "student"), course_id, sunday_noon_utc)
    recorded(world)
    assert cohort_trend(EVERYONE, [course_id])["week_starts_on"].to_list() == [date(2020, 2, 3)]


def test_trend_of_a_course_that_is_over_ends_with_its_last_activity(recorded: MakeCurrent, world: World) -> None:
    course_id = world.course(ends_on=(NOW - timedelta(weeks=5)).date())
    _, [module_id] = world.unit_of(course_id, modules=1)
    world.enrol(learner_id := world.person("Ann", "student"), course_id, NOW - timedelta(weeks=9))
    world.touch(learner_id, module_id, NOW - timedelta(weeks=7))
    recorded(world)
    trend = cohort_trend(EVERYONE, [course_id])
    assert trend.select("active_learners_count", "completed_units_count", "mean_modules_percentage").rows() == [
        (0, 0, 0),
        (0, 0, 0),
        (1, 1, 100),
    ]


def test_the_present_week_is_marked_as_so_far(recorded: MakeCurrent, world: World) -> None:
    course_id, _ = world.course_of_units(1)
    world.enrol(world.person("Ann", "student"), course_id, NOW - timedelta(weeks=2))
    recorded(world)
    assert cohort_trend(EVERYONE, [course_id])["is_so_far"].to_list() == [False, False, True]


def test_shares_are_of_those_who_belong_in_the_week(recorded: MakeCurrent, world: World) -> None:
    course_id, modules = world.course_of_units(4)
    week_ago, long_ago = NOW - timedelta(weeks=1), NOW - timedelta(weeks=3)
    for name, dropped_at in (("Abe", None), ("Bea", None), ("Gone", week_ago)):
        world.enrol(learner_id := world.person(name, "student"), course_id, long_ago, dropped_at=dropped_at)
        if name != "Bea":
            world.touch(learner_id, modules[0], week_ago)
    recorded(world)
    columns = ("learners_count", "active_learners_count", "active_percentage", "units_per_learner")
    assert cohort_trend(EVERYONE, [course_id]).select(columns).rows()[2] == (2, 1, 50, 0.5)


def test_trends_are_of_modules_and_not_of_whole_units(recorded: MakeCurrent, world: World) -> None:
    course_id = world.course()
    _, modules = world.unit_of(course_id, modules=4)
    world.learners_with(course_id, modules, 3, 1, 1)
    recorded(world)
    last = cohort_trend(EVERYONE, [course_id], with_median=True).row(-1, named=True)
    assert last["mean_modules_percentage"] == pytest.approx(125 / 3)
    assert last["median_modules_percentage"] == 25
