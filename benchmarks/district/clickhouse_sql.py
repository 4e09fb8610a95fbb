"""The questions as ClickHouse is asked them, over the tables of `clickhouse`."""

from benchmarks.district.plan import MODULES, UNITS

TREND_COURSES = range(1, 7)

UNIT_MEANS = f"""
    select course_id, avg(percentage) as mean_percentage
    from (
        select learner_id, course_id, unit_id, 100 * sum(is_completed) / {MODULES} as percentage
        from cell
        group by learner_id, course_id, unit_id
    )
    group by course_id
"""

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

COURSE_MEANS = f"""
    select course_id, count() as learners_count, countIf(percentage = 100) as completed_learners_count,
        avg(percentage) as mean_percentage
    from ({_COURSES_OF_LEARNERS.format(condition="true")})
    group by course_id
"""

COMPLETIONS_BY_WEEK = """
    select course_id, toMonday(completed_at) as week_starts_on, count() as completions_count
    from cell
    where is_completed
    group by course_id, week_starts_on
"""


def units_of_class(class_id: int) -> str:
    return f"""
        select learner_id, unit_id, sum(is_completed) as completed_modules_count
        from cell
        where course_id = (select any(course_id) from class_learner where class_id = {class_id})
            and learner_id in (select learner_id from class_learner where class_id = {class_id})
        group by learner_id, unit_id
    """


def courses_of_learner(learner_id: int) -> str:
    return f"""
        select course_id, percentage as completion_percentage, completed_modules_count
        from ({_COURSES_OF_LEARNERS.format(condition=f"learner_id = {learner_id}")})
    """


TREND = f"""
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
