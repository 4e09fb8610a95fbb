"""The past of a class stands: a week's figures are of those who were in it in that week."""

from datetime import date, timedelta

import pytest

from data.viewer import Viewer
from queries.class_progress import class_progress
from queries.cohort_trend import class_trend
from queries.people import learners, people
from tests.queries.cast import EVERYONE
from tests.queries.conftest import MakeCurrent
from tests.queries.world import NOW, World

MONDAY = NOW.date() - timedelta(days=NOW.date().weekday())


def weeks_ago(weeks: int) -> date:
    return MONDAY - timedelta(weeks=weeks)


def two_classes(world: World, size: int = 6) -> tuple[int, int, list[int]]:
    """Two classes of one course, of whom all did something every other week, and the learners of the first."""
    course_id, modules = world.course_of_units(4)
    first, second = (world.learners_with(course_id, modules, *[0] * size) for _ in range(2))
    for learner_id in (*first, *second):
        for number, module_id in enumerate(modules):
            world.touch(learner_id, module_id, NOW - timedelta(weeks=9 - 2 * number))
    teacher = world.person("Turing", "teacher")
    return world.school_class(course_id, first, teacher), world.school_class(course_id, second), first


def figures(viewer: Viewer, class_id: int, until: date) -> list[tuple[object, ...]]:
    trend = class_trend(viewer, [class_id])
    columns = ("week_starts_on", "learners_count", "active_learners_count", "mean_modules_percentage", "is_withheld")
    return [row for row in trend.select(columns).rows() if row[0] < until]


def moved(world: World, learner_id: int, a: int, b: int, day: date) -> None:
    world.class_learners.append((b, learner_id))
    world.spans[a, learner_id] = [(date(2000, 1, 3), day)]
    world.spans[b, learner_id] = [(day, None)]


def test_who_moves_to_another_class_changes_no_past_week_of_either(recorded: MakeCurrent) -> None:
    before, after = World(), World()
    for world in (before, after):
        a, b, listed = two_classes(world)
    moved(after, listed[0], a, b, weeks_ago(3) + timedelta(days=2))
    recorded(before)
    past = [figures(EVERYONE, class_id, weeks_ago(3)) for class_id in (a, b)]
    recorded(after)
    assert [figures(EVERYONE, class_id, weeks_ago(3)) for class_id in (a, b)] == past
    counts = {class_id: class_trend(EVERYONE, [class_id]).tail(3)["learners_count"].to_list() for class_id in (a, b)}
    assert counts == {a: [5, 5, 5], b: [7, 7, 7]}
    today = dict(class_progress(EVERYONE).select("class_id", "learners_count").rows())
    assert today == {a: 5, b: 7}


def test_teacher_sees_the_past_of_the_class_though_one_of_its_learners_has_left(recorded: MakeCurrent) -> None:
    world = World()
    a, b, listed = two_classes(world)
    moved(world, listed[0], a, b, weeks_ago(3))
    recorded(world)
    turing = next(user for user, name in world.names.items() if name == "Turing")
    viewer = Viewer(turing, "Turing", frozenset({"teacher"}), frozenset(listed[1:]), (), (a,))
    seen = figures(viewer, a, weeks_ago(3))
    assert [row[1] for row in seen] == [6] * len(seen)
    assert not any(row[4] for row in seen)


def test_teacher_who_came_after_a_learner_had_left_sees_no_figure_that_tells_of_them(recorded: MakeCurrent) -> None:
    world = World()
    a, b, listed = two_classes(world)
    moved(world, listed[0], a, b, weeks_ago(3))
    turing = next(user for user, name in world.names.items() if name == "Turing")
    world.spans[a, turing] = [(weeks_ago(2), None)]
    recorded(world)
    viewer = Viewer(turing, "Turing", frozenset({"teacher"}), frozenset(listed[1:]), (), (a,))
    assert all(row[4] for row in figures(viewer, a, weeks_ago(3)))
    recent = class_trend(viewer, [a]).tail(2)
    assert recent["learners_count"].to_list() == [5, 5]


@pytest.mark.parametrize(
    ("joined", "left", "is_in"), [(0, None, True), (1, None, False), (-5, 0, False), (-5, 1, True)]
)
def test_stretch_holds_from_its_first_day_to_the_day_before_its_end(
    recorded: MakeCurrent, joined: int, left: int | None, is_in: bool
) -> None:
    world = World()
    a, _, listed = two_classes(world)
    today = NOW.date()
    end = None if left is None else today + timedelta(days=left)
    world.spans[a, listed[0]] = [(today + timedelta(days=joined), end)]
    recorded(world)
    assert (listed[0] in learners(EVERYONE, class_id=a)["learner_id"]) == is_in
    directory = dict(people(EVERYONE).select("user_id", "classes").rows())
    assert bool(directory[listed[0]]) == is_in
