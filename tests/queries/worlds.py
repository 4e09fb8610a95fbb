"""Random small worlds for Hypothesis: content of every availability, learners of every status, weeks of every kind."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.queries.world import NOW, World

TIME_ZONES = ("UTC", "Pacific/Auckland", "America/New_York")
_RARELY = st.integers(0, 5).map(lambda number: number == 0)
SOON = NOW + timedelta(days=3)


def moments(earliest_days_ago: int = 60) -> st.SearchStrategy[datetime]:
    """Hours of the last weeks; whole weeks before now often enough that weeks begin and end on them."""
    return st.integers(min_value=2, max_value=24 * earliest_days_ago).map(lambda hours: NOW - timedelta(hours=hours))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World(time_zone=draw(st.sampled_from(TIME_ZONES)))
    learners = [world.person(f"Learner {number}", "student") for number in range(draw(st.integers(1, 6)))]
    for _ in range(draw(st.integers(1, 2))):
        _add_course(draw, world, learners)
    for course_id in world.courses:
        enrolled = [one.learner_id for one in world.enrolments if one.course_id == course_id]
        members = draw(st.sets(st.sampled_from(enrolled))) if enrolled else set()
        class_id = world.school_class(course_id, members)
        for learner_id in members:
            if draw(st.booleans()):
                world.spans[class_id, learner_id] = draw(stretches(world.time_zone))
    return world


@st.composite
def stretches(draw: st.DrawFn, time_zone: str) -> list[tuple[date, date | None]]:
    """Days in a class, one stretch after the other: over, standing, empty ones and such as lie ahead."""
    today = NOW.astimezone(ZoneInfo(time_zone)).date()
    bounds = sorted(draw(st.lists(st.integers(-70, 10), min_size=1, max_size=5)))
    days = [today + timedelta(days=offset) for offset in bounds]
    return [(day, days[number + 1] if number + 1 < len(days) else None) for number, day in enumerate(days)][::2]


def _add_course(draw: st.DrawFn, world: World, learners: list[int]) -> None:
    ended = draw(st.booleans())
    course_id = world.course(ends_on=(NOW - timedelta(days=2)).date() if ended else None)
    for _ in range(draw(st.integers(0, 3))):
        unit_id = world.unit(course_id)
        for _ in range(draw(st.integers(0, 3))):
            _add_module(draw, world, unit_id)
    for learner_id in draw(st.sets(st.sampled_from(learners))):
        _enrol(draw, world, learner_id, course_id)


def _add_module(draw: st.DrawFn, world: World, unit_id: int) -> None:
    # Most modules count, so that units are there to be completed.
    kind = draw(st.sampled_from(["counts"] * 5 + ["optional", "hidden", "upcoming", "retired"]))
    facts = {
        "counts": {},
        "optional": {"is_required": False},
        "hidden": {"published_at": None},
        "upcoming": {"published_at": SOON},
        "retired": {"retired_at": NOW - timedelta(days=1)},
    }
    world.module(unit_id, kind=draw(st.sampled_from(["reading", "lecture"])), **facts[kind])


def _enrol(draw: st.DrawFn, world: World, learner_id: int, course_id: int) -> None:
    status = draw(st.sampled_from(["active", "active", "completed", "dropped"]))
    enrolled_at = draw(moments())
    dropped_at = min(enrolled_at + timedelta(hours=draw(st.integers(1, 900))), NOW) if status == "dropped" else None
    completed_at = NOW - timedelta(hours=1) if status == "completed" else None
    world.enrol(learner_id, course_id, enrolled_at, dropped_at=dropped_at, completed_at=completed_at)
    for module in world.modules.values():
        if module.course_id == course_id and draw(st.integers(0, 3)):
            percentage = draw(st.sampled_from([100.0, 100.0, 100.0, 0.0, 0.4, 57.3, 99.7]))
            said = {"authority": draw(st.sampled_from(["learner", "staff", "system"])), "is_reset": draw(_RARELY)}
            world.touch(learner_id, module.id, draw(moments()), percentage=percentage, **said)
    for unit_id in world.units_of(course_id):
        if not world.standing(learner_id, unit_id).is_complete and draw(st.integers(0, 4)) == 0:
            world.earned[learner_id, unit_id] = draw(moments())
