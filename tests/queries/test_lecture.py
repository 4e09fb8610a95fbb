"""A lecture as its learner watches it: there for them alone, and while it is open."""

from datetime import timedelta

import pytest

from data.viewer import Viewer
from queries.lecture import lecture
from tests.queries.cast import EVERYONE
from tests.queries.conftest import MakeCurrent
from tests.queries.world import NOW, World

HOUR = timedelta(hours=1)
COLUMNS = ("learner_id", "module_id", "position_seconds", "duration_seconds", "media_url", "watched_threshold")


def looking(role: str, *learner_ids: int) -> Viewer:
    return Viewer(learner_ids[0] if learner_ids else 999, "Someone", frozenset({role}), frozenset(learner_ids))


def test_lecture_is_there_for_its_learner_and_for_nobody_else_s_eyes(recorded: MakeCurrent, world: World) -> None:
    course_id = world.course()
    ann, ben = world.person("Ann", "student"), world.person("Ben", "student")
    world.enrol(ann, course_id)
    watched = world.module(world.unit(course_id), kind="lecture", media_url="/clips/x.mp4")
    world.touch(ann, watched, NOW - HOUR, percentage=40.0, position_seconds=200.0)
    recorded(world)
    row = lecture(looking("student", ann), ann, watched).row(0, named=True)
    assert tuple(row[name] for name in COLUMNS) == (ann, watched, 200, 600, "/clips/x.mp4", 0.9)
    assert lecture(looking("student", ben), ben, watched).is_empty()  # not his course
    assert lecture(looking("student", ben), ann, watched).is_empty()
    assert lecture(looking("teacher"), ann, watched).is_empty()
    assert lecture(EVERYONE, ann, watched).height == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "reading"},
        {"kind": "lecture", "published_at": NOW + HOUR},
        {"kind": "lecture", "published_at": None},
        {"kind": "lecture", "retired_at": NOW - HOUR},
    ],
)
def test_nothing_but_an_open_lecture_is_there(recorded: MakeCurrent, world: World, facts: dict[str, object]) -> None:
    course_id = world.course()
    world.enrol(ann := world.person("Ann", "student"), course_id)
    module_id = world.module(world.unit(course_id), **facts)
    recorded(world)
    assert lecture(EVERYONE, ann, module_id).is_empty()
