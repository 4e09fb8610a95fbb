"""What is asked of the district: of Waymark by its questions, of ClickHouse in SQL. Both answer with the same rows."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from benchmarks.district import clickhouse_sql
from benchmarks.district.plan import CLASS_SIZE, CLASSES_A_TEACHER, COURSES, District
from data.viewer import Viewer
from progress.people.access import viewer_of
from queries.asking.ask import ask_anything
from queries.asking.course_parts import forget_parts
from queries.class_progress import class_progress
from queries.cohort_trend import cohort_trend
from queries.course_progress import course_progress, course_summary
from queries.data_quality import events_beyond_the_end, future_events
from queries.needs_a_look import needs_a_look
from queries.people import people
from queries.unit_progress import unit_progress


@dataclass(frozen=True)
class Question:
    """One question: what Waymark answers, cut to the columns that ClickHouse's `sql` has too."""

    name: str
    ask_waymark: Callable[[], pl.DataFrame]
    sql: str
    columns: tuple[str, ...]


def administrator(district: District) -> Viewer:
    learners_in_a_course = district.enrolled(1).height
    classes = COURSES * -(-learners_in_a_course // CLASS_SIZE)
    return viewer_of(district.learners - (-classes // CLASSES_A_TEACHER) + 1)


def questions(district: District) -> list[Question]:
    admin, teacher, student = administrator(district), viewer_of(district.learners + 1), viewer_of(1)
    return [
        Question(
            "unit % per learner, mean per course",
            lambda: ask_anything(_UNIT_MEANS),
            clickhouse_sql.UNIT_MEANS,
            ("course_id", "mean_percentage"),
        ),
        Question(
            "course % per learner, mean per course: course_summary",
            lambda: course_summary(admin),
            clickhouse_sql.COURSE_MEANS,
            ("course_id", "learners_count", "completed_learners_count", "mean_percentage"),
        ),
        Question(
            "completions per course and week",
            lambda: ask_anything(_COMPLETIONS_BY_WEEK),
            clickhouse_sql.COMPLETIONS_BY_WEEK,
            ("course_id", "week_starts_on", "completions_count"),
        ),
        Question("cohort_trend of six courses", lambda: _trend(admin), clickhouse_sql.TREND, _TREND_COLUMNS),
        *_of_few(teacher, student),
    ]


def _of_few(teacher: Viewer, student: Viewer) -> list[Question]:
    class_id = min(teacher.class_ids)
    return [
        Question(
            "class of 30, unit matrix: unit_progress",
            lambda: unit_progress(teacher, class_id=class_id),
            clickhouse_sql.units_of_class(class_id),
            ("learner_id", "unit_id", "completed_modules_count"),
        ),
        Question(
            "one learner's courses: course_progress",
            lambda: course_progress(student, learner_id=student.user_id),
            clickhouse_sql.courses_of_learner(student.user_id),
            ("course_id", "completion_percentage", "completed_modules_count"),
        ),
    ]


def asked_of_waymark_alone(district: District) -> dict[str, Callable[[], pl.DataFrame]]:
    admin, teacher = administrator(district), viewer_of(district.learners + 1)
    return {
        "cohort_trend of six courses that have all just changed": lambda: _trend_of_changed(admin),
        "needs_a_look of a teacher's five classes": lambda: needs_a_look(teacher),
        "class_progress of a teacher's five classes": lambda: class_progress(teacher),
        "class_progress of every class": lambda: class_progress(admin),
        "people: everyone": lambda: people(admin),
        "people: by name": lambda: people(admin, search="777"),
        "data check: future_events": lambda: future_events(admin),
        "data check: events_beyond_the_end": lambda: events_beyond_the_end(admin),
    }


_UNIT_MEANS = """
    select u.course_id, avg(p.completion_percentage) as mean_percentage
    from unit_record as p
    join unit as u on u.unit_id = p.unit_id
    group by u.course_id
"""

_COMPLETIONS_BY_WEEK = """
    select m.course_id, school_week(p.completed_at, c.time_zone) as week_starts_on, count(*) as completions_count
    from module_record as p
    join module as m on m.module_id = p.module_id
    join course as c on c.course_id = m.course_id
    where p.completed_at is not null
    group by all
"""

_TREND_COLUMNS = (
    "course_id",
    "week_starts_on",
    "active_learners_count",
    "completed_units_count",
    "completed_courses_count",
    "mean_modules_percentage",
)


def _trend_of_changed(viewer: Viewer) -> pl.DataFrame:
    """Computed from the learners' rows, as after a change in each of the courses; else their weeks are kept."""
    forget_parts()
    return _trend(viewer)


def _trend(viewer: Viewer) -> pl.DataFrame:
    """Without the weeks in which nothing was done, which ClickHouse has no rows of."""
    return cohort_trend(viewer, list(clickhouse_sql.TREND_COURSES)).filter(pl.col("active_learners_count") > 0)
