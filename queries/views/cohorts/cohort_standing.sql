-- One row per cohort and week: how far those who belonged to it at the week's end had come.
-- Key: cohort_type, cohort_id, week_starts_on
with
    counted as (
        select
            w.cohort_type,
            w.cohort_id,
            w.week_starts_on,
            w.is_so_far,
            w.total_modules,
            coalesce(sum(d.learners_change), 0)::bigint as learners_count,
            coalesce(sum(d.modules_change), 0)::bigint as completed_modules_count
        from cohort_calendar as w
        left join
            cohort_change as d
            on d.cohort_type = w.cohort_type
            and d.cohort_id = w.cohort_id
            and d.week_starts_on <= w.week_starts_on
        group by all
    )

select
    cohort_type,
    cohort_id,
    week_starts_on,
    is_so_far,
    learners_count,
    100
    * completed_modules_count
    / nullif(learners_count * total_modules, 0) as mean_modules_percentage
from counted
