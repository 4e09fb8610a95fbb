"""What a learner goes on with: the lecture that was begun last, else what comes next, the most recent course first."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from queries.course_progress import course_progress
from queries.module_progress import module_progress
from queries.next_module import continue_watching
from tests.examples import up_to
from tests.queries import naive
from tests.queries.cast import EVERYONE
from tests.queries.conftest import MakeCurrent
from tests.queries.world import NOW, Enrolment, Touch, World
from tests.queries.worlds import worlds

HOUR = timedelta(hours=1)


def learner_of_a_course(world: World) -> tuple[int, int, int]:
    """The learner, the course and an empty unit of it."""
    course_id = world.course()
    world.enrol(learner_id := world.person("Ann", "student"), course_id)
    return learner_id, course_id, world.unit(course_id)


def test_lecture_that_was_watched_last_and_is_not_complete_goes_before_everything_else(
    recorded: MakeCurrent, world: World
) -> None:
    learner_id, course_id, unit_id = learner_of_a_course(world)
    world.module(unit_id)
    older, newer, done = [world.module(unit_id, kind="lecture", media_url="/media/x.mp4") for _ in range(3)]
    world.touch(learner_id, older, NOW - 3 * HOUR, percentage=10.0, position_seconds=30.0)
    world.touch(learner_id, newer, NOW - 2 * HOUR, percentage=40.5, position_seconds=200.0)
    world.touch(learner_id, done, NOW - HOUR)
    recorded(world)
    row = continue_watching(EVERYONE, learner_id).row(0, named=True)
    assert {name: row[name] for name in ("course_id", "unit_id", "module_id", "reason")} == {
        "course_id": course_id,
        "unit_id": unit_id,
        "module_id": newer,
        "reason": "resume",
    }
    assert (row["position_seconds"], row["duration_seconds"], row["media_url"]) == (200, 600, "/media/x.mp4")
    assert (row["shown_percentage"], row["module_kind"]) == (40, "lecture")
    assert row["last_activity_at"] == (NOW - HOUR).replace(tzinfo=None)


def test_optional_lecture_that_was_begun_is_gone_on_with(recorded: MakeCurrent, world: World) -> None:
    learner_id, _, unit_id = learner_of_a_course(world)
    world.module(unit_id)
    begun = world.module(unit_id, kind="lecture", is_required=False)
    world.touch(learner_id, begun, percentage=5.0)
    recorded(world)
    assert continue_watching(EVERYONE, learner_id).select("module_id", "reason").rows() == [(begun, "resume")]


@pytest.mark.parametrize("facts", [{"published_at": NOW + HOUR}, {"published_at": None}, {"retired_at": NOW - HOUR}])
def test_lecture_that_is_not_open_is_not_gone_on_with(
    recorded: MakeCurrent, world: World, facts: dict[str, object]
) -> None:
    learner_id, _, unit_id = learner_of_a_course(world)
    world.touch(learner_id, world.module(unit_id, kind="lecture", **facts), percentage=5.0)
    expected = world.module(unit_id)
    recorded(world)
    assert continue_watching(EVERYONE, learner_id).select("module_id", "reason").rows() == [(expected, "next")]


def test_without_a_begun_lecture_the_first_module_left_comes_next(recorded: MakeCurrent, world: World) -> None:
    learner_id, _, unit_id = learner_of_a_course(world)
    world.touch(learner_id, world.module(unit_id))
    world.module(unit_id, is_required=False)
    expected = world.module(unit_id, kind="quiz")
    world.module(unit_id)
    recorded(world)
    answer = continue_watching(EVERYONE, learner_id).select("module_id", "reason", "position_seconds")
    assert answer.rows() == [(expected, "next", None)]


def test_most_recent_course_comes_first_and_untouched_ones_last(recorded: MakeCurrent, world: World) -> None:
    learner_id = world.person("Ann", "student")
    untouched, older, newer, dropped, finished = [world.course_of_units(2) for _ in range(5)]
    for course_id, _ in (untouched, older, newer, finished):
        world.enrol(learner_id, course_id)
    world.enrol(learner_id, dropped[0], dropped_at=NOW)
    for (_, modules), at in ((older, NOW - 3 * HOUR), (newer, NOW - 2 * HOUR), (dropped, NOW - HOUR)):
        world.touch(learner_id, modules[0], at)
    for module_id in finished[1]:
        world.touch(learner_id, module_id)
    recorded(world)
    assert continue_watching(EVERYONE, learner_id).select("course_id", "reason").rows() == [
        (newer[0], "next"),
        (older[0], "next"),
        (untouched[0], "start"),
    ]


def test_progress_of_a_lecture_holds_what_was_watched_and_where_its_video_is(
    recorded: MakeCurrent, world: World
) -> None:
    learner_id, _, unit_id = learner_of_a_course(world)
    lecture = world.module(unit_id, kind="lecture", media_url="https://media.example/1.mp4")
    world.module(unit_id)
    world.touch(learner_id, lecture, percentage=5.0, watched_intervals="[[0.0,12.5],[40.0,60.0]]")
    recorded(world)
    assert module_progress(EVERYONE).select("watched_intervals", "media_url").rows() == [
        ([[0.0, 12.5], [40.0, 60.0]], "https://media.example/1.mp4"),
        (None, None),
    ]


@settings(
    max_examples=up_to(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
def test_what_to_go_on_with_is_what_plain_python_finds(recorded: MakeCurrent, world: World) -> None:
    recorded(world)
    for learner_id in world.names:
        answer = continue_watching(EVERYONE, learner_id)
        enrolments = [one for one in world.enrolments if one.learner_id == learner_id and one.status != "dropped"]
        found = {one.course_id: go_on_with(world, one) for one in enrolments}
        assert {
            course_id: (module_id, reason)
            for course_id, module_id, reason in answer.select("course_id", "module_id", "reason").rows()
        } == {course_id: pair for course_id, pair in found.items() if pair}
        activity = dict(course_progress(EVERYONE, learner_id=learner_id).select("course_id", "last_activity_at").rows())
        assert answer["last_activity_at"].to_list() == [activity[course_id] for course_id in answer["course_id"]]


def go_on_with(world: World, one: Enrolment) -> tuple[int, str] | None:
    """The module and the reason; None when nothing is left."""
    modules = [module for module in world.modules.values() if module.course_id == one.course_id]
    touched = {module.id: touch for module in modules if (touch := world.touches.get((one.learner_id, module.id)))}
    is_open = {module.id: module.is_published and not module.is_retired for module in modules}
    begun = [touched[m.id] for m in modules if is_open[m.id] and m.kind == "lecture" and _is_begun(touched.get(m.id))]
    if begun:
        return max(begun, key=lambda touch: touch.at).module_id, "resume"  # of several the first in the course
    left = [m.id for m in modules if m.counts and not (m.id in touched and touched[m.id].is_complete)]
    return (left[0], "next" if naive.has_begun(world, one) else "start") if left else None


def _is_begun(touch: Touch | None) -> bool:
    return touch is not None and not touch.is_complete and not touch.is_reset
