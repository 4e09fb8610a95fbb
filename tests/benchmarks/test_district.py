"""A district of forty learners: Waymark answers as a plain recomputation does, and as ClickHouse does at full size."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import polars as pl

from benchmarks.district.comparison import assert_same
from benchmarks.district.plan import COURSES, District, district_of
from benchmarks.district.questions import asked_of_waymark_alone, questions
from benchmarks.district.school import recorded
from data.record import Record

Cells = list[dict[str, Any]]


def test_answers_about_a_district_are_those_of_a_plain_recomputation(sqlite_record: Record, tmp_path: Path) -> None:
    district = district_of(40, datetime.now(UTC).date())
    cells = cells_of(district)
    assert sqlite_record.url.endswith(str(tmp_path / "waymark.db"))
    assert recorded(district, tmp_path / "waymark.db")["events"] == sum(1 for cell in cells if cell["completed_at"])
    for question, recompute in zip(questions(district), RECOMPUTED, strict=True):
        assert_same(question, pl.DataFrame(list(recompute(cells)), schema=question.columns, orient="row"))
    heights = {name: ask().height for name, ask in asked_of_waymark_alone(district).items()}
    assert heights["class_progress of every class"] == 10
    assert heights["people: everyone"] == 40 + 2 + 1
    assert heights["needs_a_look of a teacher's five classes"] > 0


def cells_of(district: District) -> Cells:
    return [cell for course in range(1, COURSES + 1) for cell in district.cells(course).iter_rows(named=True)]


def done_by(cells: Cells, *keys: str) -> dict[tuple[int, ...], list[datetime | None]]:
    """The moments of the cells of each group, None where one is not completed."""
    groups = defaultdict(list)
    for cell in cells:
        groups[tuple(cell[key] for key in keys)].append(cell["completed_at"])
    return groups


def share(moments: list[datetime | None]) -> float:
    return 100 * sum(moment is not None for moment in moments) / len(moments)


def monday(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def unit_means(cells: Cells) -> Iterator[tuple[Any, ...]]:
    shares = defaultdict(list)
    for (_, course, _), moments in done_by(cells, "user_id", "course_id", "unit_id").items():
        shares[course].append(share(moments))
    yield from ((course, mean(each)) for course, each in shares.items())


def courses_of(cells: Cells) -> dict[tuple[int, int], float]:
    """How many percent of the units each learner has completed in each course."""
    complete = defaultdict(list)
    for (user, course, _), moments in done_by(cells, "user_id", "course_id", "unit_id").items():
        complete[user, course].append(None not in moments)
    return {pair: 100 * mean(each) for pair, each in complete.items()}


def course_means(cells: Cells) -> Iterator[tuple[Any, ...]]:
    percentages = defaultdict(list)
    for (_, course), percentage in courses_of(cells).items():
        percentages[course].append(percentage)
    for course, each in percentages.items():
        yield course, len(each), each.count(100), mean(each)


def completions_by_week(cells: Cells) -> Iterator[tuple[Any, ...]]:
    counts: dict[tuple[int, date], int] = defaultdict(int)
    for cell in cells:
        if cell["completed_at"]:
            counts[cell["course_id"], monday(cell["completed_at"])] += 1
    yield from ((*key, count) for key, count in counts.items())


def trend(cells: Cells) -> Iterator[tuple[Any, ...]]:
    for course in range(1, 7):
        ours = [cell for cell in cells if cell["course_id"] == course]
        done = [cell for cell in ours if cell["completed_at"]]
        units, courses = (
            [max(moments) for moments in done_by(ours, *keys).values() if None not in moments]
            for keys in (("user_id", "unit_id"), ("user_id",))
        )
        for week in sorted({monday(cell["completed_at"]) for cell in done}):
            active = {cell["user_id"] for cell in done if monday(cell["completed_at"]) == week}
            finished = [sum(monday(moment) == week for moment in moments) for moments in (units, courses)]
            reached = sum(monday(cell["completed_at"]) <= week for cell in done)
            yield course, week, len(active), *finished, 100 * reached / len(ours)


def units_of_the_first_class(cells: Cells) -> Iterator[tuple[Any, ...]]:
    """Forty learners fill no class, so the first one is all of the first course."""
    ours = [cell for cell in cells if cell["course_id"] == 1]
    for (user, unit), moments in done_by(ours, "user_id", "unit_id").items():
        yield user, unit, len(moments) - moments.count(None)


def courses_of_the_first_learner(cells: Cells) -> Iterator[tuple[Any, ...]]:
    for (user, course), percentage in courses_of(cells).items():
        if user == 1:
            yield course, percentage, sum(1 for moment in done_by(cells, "user_id", "course_id")[1, course] if moment)


# In the order of the questions.
RECOMPUTED: list[Callable[[Cells], Iterator[tuple[Any, ...]]]] = [
    unit_means,
    course_means,
    completions_by_week,
    trend,
    units_of_the_first_class,
    courses_of_the_first_learner,
]
