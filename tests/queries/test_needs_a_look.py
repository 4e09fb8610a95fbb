"""Who needs a look: quiet for 14 days, or 25 points of modules behind the median of the class; nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from data.viewer import Viewer
from queries.class_progress import class_progress
from queries.course_progress import course_progress, course_summary
from queries.needs_a_look import needs_a_look
from queries.next_module import continue_watching
from tests.queries.world import NOW, World

Recorded = Callable[[World], World]
EVERYONE = Viewer(0, "Ada", frozenset({"administrator"}), frozenset())
TODAY = timedelta()


class OneClass:
    """A class in a course of four units of one module each, so that every module is worth 25 points."""

    def __init__(self, **course: Any) -> None:
        self.world = World()
        self.course = self.world.course(**course)
        self.modules = [self.world.unit_of(self.course, modules=1)[1][0] for _ in range(4)]
        self.learners: list[int] = []

    def learner(self, name: str, done: int, ago: timedelta = TODAY, **enrolment: Any) -> int:
        """Someone enrolled for 60 days who completed this many modules, all of them this long ago."""
        learner_id = self.world.person(name, "student")
        self.learners.append(learner_id)
        self.world.enrol(learner_id, self.course, **{"enrolled_at": NOW - timedelta(days=60)} | enrolment)
        for module_id in self.modules[:done]:
            self.world.touch(learner_id, module_id, NOW - ago)
        return learner_id

    def looks(self, recorded: Recorded) -> pl.DataFrame:
        self.world.school_class(self.course, self.learners)
        recorded(self.world)
        return needs_a_look(EVERYONE)


def test_fourteen_days_without_activity_are_quiet_and_thirteen_are_not(recorded: Recorded) -> None:
    school = OneClass()
    school.learner("Thirteen", 1, timedelta(days=13))
    school.learner("Fourteen", 1, timedelta(days=14))
    looks = school.looks(recorded)
    assert looks.select("learner_name", "quiet_days", "is_quiet", "is_behind").rows() == [("Fourteen", 14, True, False)]


def test_who_never_began_is_quiet_since_the_enrolment(recorded: Recorded) -> None:
    school = OneClass()
    school.learner("New", 0, enrolled_at=NOW - timedelta(days=13))
    school.learner("Old", 0, enrolled_at=NOW - timedelta(days=20))
    looks = school.looks(recorded)
    assert looks.select("learner_name", "quiet_days", "last_activity_at").rows() == [("Old", 20, None)]


def test_twenty_five_points_below_the_median_are_far_behind(recorded: Recorded) -> None:
    school = OneClass()
    for name, done in (("Abe", 3), ("Bea", 3), ("Cal", 2), ("Dot", 1)):
        school.learner(name, done)
    looks = school.looks(recorded)  # 75, 75, 50 and 25: the median is 62.5
    assert looks.select("learner_name", "points_behind", "median_modules_percentage", "is_quiet").rows() == [
        ("Dot", 37.5, 62.5, False)
    ]


def test_exactly_twenty_five_points_count(recorded: Recorded) -> None:
    school = OneClass()
    for name, done in (("Abe", 2), ("Bea", 2), ("Cal", 1)):
        school.learner(name, done)
    assert school.looks(recorded)["learner_name"].to_list() == ["Cal"]


def test_the_median_counts_those_who_completed_and_not_those_who_dropped_out(recorded: Recorded) -> None:
    school = OneClass()
    school.learner("Done", 4, completed_at=NOW)
    school.learner("Half", 2)
    school.learner("Gone", 0, dropped_at=NOW - timedelta(days=3))
    looks = school.looks(recorded)  # 100 and 50: the median is 75
    assert looks.select("learner_name", "median_modules_percentage").rows() == [("Half", 75.0)]


def test_who_completed_or_dropped_the_course_is_left_in_peace(recorded: Recorded) -> None:
    school = OneClass()
    school.learner("Done", 4, timedelta(days=40), completed_at=NOW - timedelta(days=40))
    school.learner("Gone", 1, timedelta(days=40), dropped_at=NOW - timedelta(days=30))
    assert school.looks(recorded).is_empty()


def test_a_course_that_is_over_needs_no_look(recorded: Recorded) -> None:
    yesterday, today = ((NOW - timedelta(days=days)).date() for days in (1, 0))
    for ends_on, names in ((yesterday, []), (today, ["Quiet"]), (None, ["Quiet"])):
        school = OneClass(ends_on=ends_on)
        school.learner("Quiet", 1, timedelta(days=30))
        assert school.looks(recorded)["learner_name"].to_list() == names


def test_the_most_pressing_come_first(recorded: Recorded) -> None:
    school = OneClass()
    for name, done, days in (
        ("Abe", 3, 0),
        ("Bea", 3, 0),
        ("Cal", 3, 15),
        ("Dot", 1, 0),
        ("Eve", 1, 14),
        ("Fay", 3, 20),
    ):
        school.learner(name, done, timedelta(days=days))
    looks = school.looks(recorded)
    assert looks.select("learner_name", "is_quiet", "is_behind").rows() == [
        ("Eve", True, True),
        ("Fay", True, False),
        ("Cal", True, False),
        ("Dot", False, True),
    ]


def test_each_class_has_its_own_median(recorded: Recorded) -> None:
    school = OneClass()
    for name, done in (("Abe", 4), ("Bea", 4), ("Cal", 1)):
        school.learner(name, done)
    world, course = school.world, school.course
    cal = school.learners[2]
    world.school_class(course, [cal])
    looks = school.looks(recorded)
    assert looks.select("learner_name", "median_modules_percentage").rows() == [("Cal", 100.0)]


def test_learners_are_compared_by_modules_and_not_by_whole_units(recorded: Recorded) -> None:
    school = OneClass()
    school.modules = [module for _ in range(3) for module in school.world.unit_of(school.course, modules=9)[1]]
    school.modules = [*school.modules[::3], *school.modules[1::3], *school.modules[2::3]]  # a third of every unit each
    for name, done in (("Abe", 27), ("Bea", 27), ("Cal", 22), ("Dot", 16)):
        school.learner(name, done)
    looks = school.looks(recorded)  # of 31 modules; Cal and Dot have not one unit
    columns = ("learner_name", "completed_modules_count", "total_modules", "modules_behind")
    assert looks.select(columns).rows() == [("Dot", 16, 31, 8)]


def test_what_a_teacher_enters_hides_no_silent_learner(recorded: Recorded) -> None:
    school = OneClass()
    silent = school.learner("Silent", 1, timedelta(days=20))
    school.world.touch(silent, school.modules[1], NOW, authority="staff", score=50.0)
    [look] = school.looks(recorded).rows(named=True)
    assert (look["learner_name"], look["quiet_days"]) == ("Silent", 20)
    assert look["last_activity_at"] == (NOW - timedelta(days=20)).replace(tzinfo=None)


def test_who_never_did_anything_is_quiet_whatever_a_teacher_entered(recorded: Recorded) -> None:
    school = OneClass()
    silent = school.learner("Silent", 0)
    school.world.touch(silent, school.modules[0], NOW, authority="staff")
    [look] = school.looks(recorded).rows(named=True)
    assert (look["quiet_days"], look["last_activity_at"], look["has_begun"]) == (60, None, True)


@pytest.mark.parametrize("is_reset", [False, True])
def test_look_page_and_count_agree_on_who_has_not_begun(recorded: Recorded, is_reset: bool) -> None:
    school = OneClass()
    learner = school.learner("Again", 0)
    school.world.touch(learner, school.modules[0], NOW - timedelta(days=20), is_reset=is_reset)
    [look] = school.looks(recorded).rows(named=True)
    [standing] = course_progress(EVERYONE, learner_id=learner).rows(named=True)
    [of_class], [of_course] = class_progress(EVERYONE).rows(named=True), course_summary(EVERYONE).rows(named=True)
    [step] = continue_watching(EVERYONE, learner).rows(named=True)
    assert look["has_begun"] == standing["has_begun"] == (not is_reset)
    assert standing["status"] == ("not_started" if is_reset else "in_progress")
    assert step["reason"] == ("start" if is_reset else "next")
    assert of_class["not_started_learners_count"] == of_course["not_started_learners_count"] == is_reset
    assert look["quiet_days"] == 20  # the learner was there, whatever was taken back
