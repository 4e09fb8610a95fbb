"""The figures of the views, computed once more in plain Python from what happened. Knows nothing of SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor
from statistics import mean, median
from zoneinfo import ZoneInfo

from tests.queries.world import NOW, Enrolment, Touch, UnitStanding, World

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """A cohort's figures in one week."""

    week_starts_on: date
    is_so_far: bool
    active_learners_count: int
    active_percentage: float | None
    completed_units_count: int
    units_per_learner: float | None
    completed_courses_count: int
    mean_modules_percentage: float | None
    median_modules_percentage: float | None
    learners_count: int


@dataclass(frozen=True)
class Summary:
    """A cohort's figures as of now."""

    learners_count: int
    active_learners_count: int
    completed_learners_count: int
    dropped_learners_count: int
    not_started_learners_count: int
    mean_percentage: float | None
    median_percentage: float | None
    mean_modules_percentage: float | None
    median_modules_percentage: float | None


def monday(world: World, moment: datetime) -> date:
    """The Monday of the week in which a moment lies at the school."""
    local = moment.astimezone(ZoneInfo(world.time_zone)).date()
    return local - timedelta(days=local.weekday())


def shown(done: int, total: int) -> int | None:
    if total == 0:
        return None
    return max(floor(100 * done / total), 1 if done else 0)


def unit_status(standing: UnitStanding) -> str | None:
    """By the modules that count now; nowhere without any."""
    if standing.total == 0:
        return None
    return "completed" if standing.is_complete else "in_progress" if standing.completed else "not_started"


def course_percentage(world: World, learner_id: int, course_id: int) -> float | None:
    """By the units that count now."""
    standings = [world.standing(learner_id, unit_id) for unit_id in world.units_of(course_id)]
    counting = [standing for standing in standings if standing.total]
    return 100 * sum(standing.is_complete for standing in counting) / len(counting) if counting else None


def modules_percentage(world: World, learner_id: int, course_id: int, until: date | None = None) -> float | None:
    """By the modules that count now; with `until`, those complete before the week that starts then."""
    counting = [module.id for module in world.modules.values() if module.course_id == course_id and module.counts]
    touches = [world.touches.get((learner_id, module_id)) for module_id in counting]
    done = [touch for touch in touches if touch is not None and touch.is_complete]
    past = [touch for touch in done if until is None or monday(world, touch.at) < until]
    return 100 * len(past) / len(counting) if counting else None


def touches_in(world: World, learner_id: int, course_id: int) -> list[Touch]:
    return [
        touch
        for touch in world.touches.values()
        if touch.learner_id == learner_id and world.modules[touch.module_id].course_id == course_id
    ]


def activity(world: World, learner_id: int, course_id: int) -> set[date]:
    """The weeks in which the learner did something in the course."""
    return {monday(world, touch.at) for touch in touches_in(world, learner_id, course_id) if touch.is_own}


def has_begun(world: World, one: Enrolment) -> bool:
    """Whether anything that was recorded for the learner in the course still stands."""
    return any(not touch.is_reset for touch in touches_in(world, one.learner_id, one.course_id))


def summary(world: World, cohort: Iterable[Enrolment]) -> Summary:
    members = list(cohort)
    present = [one for one in members if one.status != "dropped"]
    weeks = {one: activity(world, one.learner_id, one.course_id) for one in present}
    known = _known(course_percentage(world, one.learner_id, one.course_id) for one in present)
    by_modules = _known(modules_percentage(world, one.learner_id, one.course_id) for one in present)
    return Summary(
        learners_count=len(present),
        active_learners_count=sum(monday(world, NOW) in weeks[one] for one in present),
        completed_learners_count=sum(one.status == "completed" for one in members),
        dropped_learners_count=len(members) - len(present),
        not_started_learners_count=sum(not has_begun(world, one) for one in present),
        mean_percentage=mean(known) if known else None,
        median_percentage=median(known) if known else None,
        mean_modules_percentage=mean(by_modules) if by_modules else None,
        median_modules_percentage=median(by_modules) if by_modules else None,
    )


def _known(percentages: Iterable[float | None]) -> list[float]:
    return [percentage for percentage in percentages if percentage is not None]


def trend(world: World, course_id: int, cohort: Iterable[Enrolment]) -> list[Week]:
    members = list(cohort)
    if not members:
        return []
    ends_on, today = world.courses[course_id], NOW.astimezone(ZoneInfo(world.time_zone)).date()
    happened = [week for one in members for week in _weeks_of(world, one)]
    last = max(happened) if ends_on is not None and ends_on < today else monday(world, NOW)
    return [
        _week(world, members, min(happened) + number * WEEK) for number in range((last - min(happened)) // WEEK + 1)
    ]


def _belongs(world: World, one: Enrolment, week: date) -> bool:
    """Whether the learner was enrolled at the week's end."""
    return monday(world, one.enrolled_at) <= week and (one.dropped_at is None or monday(world, one.dropped_at) > week)


def _weeks_of(world: World, one: Enrolment) -> set[date]:
    """The weeks in which anything happened while enrolled; what was complete before counts from then."""
    first = monday(world, one.enrolled_at)
    done = {max(first, week) for week in _module_weeks(world, one)}
    moments = [*_earned(world, one), _course_earned(world, one)]
    happened = activity(world, one.learner_id, one.course_id) | {monday(world, moment) for moment in moments if moment}
    bounds = {monday(world, moment) for moment in (one.enrolled_at, one.dropped_at) if moment}
    return bounds | {week for week in happened | done if _belongs(world, one, week)}


def _module_weeks(world: World, one: Enrolment) -> list[date]:
    touches = touches_in(world, one.learner_id, one.course_id)
    return [monday(world, touch.at) for touch in touches if touch.is_complete and world.modules[touch.module_id].counts]


def _earned(world: World, one: Enrolment) -> list[datetime]:
    standings = (world.standing(one.learner_id, unit_id) for unit_id in world.units_of(one.course_id))
    return [standing.earned_at for standing in standings if standing.earned_at]


def _course_earned(world: World, one: Enrolment) -> datetime | None:
    standings = [world.standing(one.learner_id, unit_id) for unit_id in world.units_of(one.course_id)]
    counting = [standing for standing in standings if standing.total]
    moments = [standing.last_completed_at for standing in counting if standing.is_complete]
    return max(filter(None, moments)) if 0 < len(counting) == len(moments) else None


def _week(world: World, members: list[Enrolment], week: date) -> Week:
    present = [one for one in members if _belongs(world, one, week)]
    known = _known(modules_percentage(world, one.learner_id, one.course_id, week + WEEK) for one in present)
    active = sum(week in activity(world, one.learner_id, one.course_id) for one in present)
    units = sum(monday(world, at) == week for one in present for at in _earned(world, one))
    courses = [at for one in present if (at := _course_earned(world, one)) is not None]
    return Week(
        week_starts_on=week,
        is_so_far=week == monday(world, NOW),
        active_learners_count=active,
        active_percentage=100 * active / len(present) if present else None,
        completed_units_count=units,
        units_per_learner=units / len(present) if present else None,
        completed_courses_count=sum(monday(world, at) == week for at in courses),
        mean_modules_percentage=mean(known) if known else None,
        median_modules_percentage=median(known) if known else None,
        learners_count=len(present),
    )
