"""What is asked of the district: of Waymark by its questions, of ClickHouse in SQL. Both answer with the same rows."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from benchmarks.district.plan import CLASS_SIZE, CLASSES_A_TEACHER, COURSES, MODULES, UNITS, District
from data.viewer import Viewer
from progress.access import viewer_of
from queries.ask import ask
from queries.class_progress import class_progress
from queries.cohort_trend import cohort_trend
from queries.course_progress import course_progress, course_summary
from queries.data_quality import events_beyond_the_end, future_events
from queries.needs_a_look import needs_a_look
from queries.people import people
from queries.unit_progress import unit_progress

TREND_COURSES = list(range(1, 7))

_COURSES_OF_LEARNERS = f"""
    select learner_id, course_id, 100 * countIf(is_complete) / {UNITS} as percentage,
        sum(modules_count) as completed_modules_count
    from (
        select learner_id, course_id, unit_id,
            sum(is_completed) as modules_count, modules_count = {MODULES} as is_complete
        from cell
        where {{condition}}
        group by learner_id, course_id, unit_id
    )
    group by learner_id, course_id
"""


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
    class_id = min(teacher.class_ids)
    return [
        Question(
            "unit % per learner, mean per course",
            lambda: ask(admin, _UNIT_MEANS),
            f"""
                select course_id, avg(percentage) as mean_percentage
                from (
                    select learner_id, course_id, unit_id, 100 * sum(is_completed) / {MODULES} as percentage
                    from cell
                    group by learner_id, course_id, unit_id
                )
                group by course_id
            """,
            ("course_id", "mean_percentage"),
        ),
        Question(
            "course % per learner, mean per course: course_summary",
            lambda: course_summary(admin),
            f"""
                select course_id, count() as learners_count, countIf(percentage = 100) as completed_learners_count,
                    avg(percentage) as mean_percentage
                from ({_COURSES_OF_LEARNERS.format(condition="true")})
                group by course_id
            """,
            ("course_id", "learners_count", "completed_learners_count", "mean_percentage"),
        ),
        Question(
            "completions per course and week",
            lambda: ask(admin, _COMPLETIONS_BY_WEEK),
            """
                select course_id, toMonday(completed_at) as week_starts_on, count() as completions_count
                from cell
                where is_completed
                group by course_id, week_starts_on
            """,
            ("course_id", "week_starts_on", "completions_count"),
        ),
        Question("cohort_trend of six courses", lambda: _trend(admin), _TREND, _TREND_COLUMNS),
        Question(
            "class of 30, unit matrix: unit_progress",
            lambda: unit_progress(teacher, class_id=class_id),
            f"""
                select learner_id, unit_id, sum(is_completed) as completed_modules_count
                from cell
                where course_id = (select any(course_id) from class_learner where class_id = {class_id})
                    and learner_id in (select learner_id from class_learner where class_id = {class_id})
                group by learner_id, unit_id
            """,
            ("learner_id", "unit_id", "completed_modules_count"),
        ),
        Question(
            "one learner's courses: course_progress",
            lambda: course_progress(student, learner_id=student.user_id),
            f"""
                select course_id, percentage as completion_percentage, completed_modules_count
                from ({_COURSES_OF_LEARNERS.format(condition=f"learner_id = {student.user_id}")})
            """,
            ("course_id", "completion_percentage", "completed_modules_count"),
        ),
    ]


def asked_of_waymark_alone(district: District) -> dict[str, Callable[[], pl.DataFrame]]:
    admin, teacher = administrator(district), viewer_of(district.learners + 1)
    return {
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
    where {visible:p.learner_id}
    group by u.course_id
"""

_COMPLETIONS_BY_WEEK = """
    select m.course_id, school_week(p.completed_at, c.time_zone) as week_starts_on, count(*) as completions_count
    from module_record as p
    join module as m on m.module_id = p.module_id
    join course as c on c.course_id = m.course_id
    where {visible:p.learner_id} and p.completed_at is not null
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


def _trend(viewer: Viewer) -> pl.DataFrame:
    """Without the weeks in which nothing was done, which ClickHouse has no rows of."""
    return cohort_trend(viewer, TREND_COURSES).filter(pl.col("active_learners_count") > 0)


_TREND = f"""
    with
        chosen as (select * from cell where course_id in ({", ".join(map(str, TREND_COURSES))})),
        done as (select *, toMonday(completed_at) as week from chosen where is_completed),
        weekly as (
            select course_id, week, uniqExactIf(learner_id, is_own) as active_learners_count, count() as modules_count
            from done
            group by course_id, week
        ),
        units as (
            select learner_id, course_id, unit_id, max(completed_at) as completed_at
            from done
            group by learner_id, course_id, unit_id
            having count() = {MODULES}
        ),
        unit_weeks as (
            select course_id, toMonday(completed_at) as week, count() as completed_units_count
            from units
            group by course_id, week
        ),
        course_weeks as (
            select course_id, toMonday(completed_at) as week, count() as completed_courses_count
            from (
                select learner_id, course_id, max(completed_at) as completed_at
                from units
                group by learner_id, course_id
                having count() = {UNITS}
            )
            group by course_id, week
        ),
        totals as (select course_id, count() as cells_count from chosen group by course_id)
    select w.course_id as course_id, w.week as week_starts_on, w.active_learners_count as active_learners_count,
        u.completed_units_count as completed_units_count, c.completed_courses_count as completed_courses_count,
        100 * sum(w.modules_count) over (partition by w.course_id order by w.week) / t.cells_count
            as mean_modules_percentage
    from weekly as w
    join totals as t on t.course_id = w.course_id
    left join unit_weeks as u on u.course_id = w.course_id and u.week = w.week
    left join course_weeks as c on c.course_id = w.course_id and c.week = w.week
"""
