-- One row per cohort, number of units and week in which more or fewer learners had so many.
-- Key: cohort_type, cohort_id, units_count, week_starts_on
with
    unit_weeks as (
        select
            cohort_type,
            cohort_id,
            learner_id,
            joined_week,
            enrolled_week,
            dropped_week,
            list(completed_week order by completed_week) as completed_weeks
        from cohort_unit
        where completed_week is not null
        group by all
    ),
    reached as (
        select cohort_type, cohort_id, 0 as units_count, enrolled_week as reached_week, dropped_week
        from cohort_learner
        union all
        select
            cohort_type,
            cohort_id,
            unnest(range(1, len(completed_weeks) + 1)),
            greatest(unnest(completed_weeks), enrolled_week),
            dropped_week
        from unit_weeks
    ),
    changes as (
        select
            cohort_type,
            cohort_id,
            units_count,
            unnest([reached_week, dropped_week]) as week_starts_on,
            unnest([1, -1]) as learners_change
        from reached
        where dropped_week is null or reached_week < dropped_week
    )

select
    cohort_type,
    cohort_id,
    units_count,
    week_starts_on,
    sum(learners_change)::bigint as learners_change
from changes
where week_starts_on is not null
group by all
