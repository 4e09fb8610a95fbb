"""Figures of whole courses, kept until something changes in the course: questions about several put them together.

They are the same for every viewer, so no viewer's rule is in them. It is in the question that reads them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

import polars as pl

from data.mirror import Mirror
from queries.asking.statements import parsed

# What the passing of time alone changes in a course: the day, and which of its modules count.
_CLOCKS = """
    select c.course_id, school_today(c.time_zone) as today,
        coalesce(sum(len(list_filter(v.turns_at, lambda moment: moment <= utc_now()))), 0)::bigint as turns_count
    from course as c
    left join module as m on m.course_id = c.course_id
    left join module_version as v on v.module_id = m.module_id
    group by all
"""


@dataclass(frozen=True)
class CourseParts:
    """What `sql` finds about the courses `$course_ids`, which another question reads as the table `name`.

    The answer has a column `course_id`, and the rows about a course depend on that course alone, apart from what all
    courses share.
    """

    name: str
    sql: str
    course_ids: tuple[int, ...]


class _Kept(NamedTuple):
    """The rows about one course; `state` tells them from later ones."""

    state: tuple[int, "_Clock | None"]
    rows: pl.DataFrame


_Clock = tuple[date, int]
_kept: WeakKeyDictionary[Mirror, dict[tuple[str, int], _Kept]] = WeakKeyDictionary()


def rows_of(mirror: Mirror, parts: CourseParts) -> pl.DataFrame:
    """The rows about all of the courses. Only those that have changed since they were last asked for are computed."""
    kept = _kept.setdefault(mirror, {})
    clocks = _clocks(mirror, mirror.version_of_all, datetime.now(UTC).replace(second=0, microsecond=0))
    # Looked up before the rows are read: if the course changes in between, they are only computed once more.
    states = {course: (mirror.version_of(course), clocks.get(course)) for course in parts.course_ids}
    stale = [course for course, state in states.items() if _state_of(kept, parts, course) != state]
    if stale or not states:
        found = _found(mirror, parts.sql, {"course_ids": stale})
        for course in stale:
            kept[parts.sql, course] = _Kept(states[course], found.filter(pl.col("course_id") == course))
    return pl.concat([kept[parts.sql, course].rows for course in states]) if states else found


def read_clocks_again() -> None:
    """As if a minute had passed."""
    _clocks.cache_clear()


def forget_parts() -> None:
    """Compute the rows about every course anew next time: for measuring."""
    _kept.clear()


def _state_of(kept: dict[tuple[str, int], _Kept], parts: CourseParts, course_id: int) -> object:
    known = kept.get((parts.sql, course_id))
    return None if known is None else known.state


@lru_cache(maxsize=4)
def _clocks(mirror: Mirror, version_of_all: int, minute: datetime) -> dict[int, _Clock]:
    """By course; the same within a minute, as long as no course's content changes."""
    return {course: (today, turns) for course, today, turns in _found(mirror, _CLOCKS, {}).iter_rows()}


def _found(mirror: Mirror, sql: str, parameters: dict[str, object]) -> pl.DataFrame:
    with mirror.reading() as cursor:
        return pl.DataFrame(cursor.execute(parsed(sql), parameters).to_arrow_table())
