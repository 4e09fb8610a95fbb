-- One row per cohort and week in which its learners or what they have completed changed.
-- Key: cohort_type, cohort_id, week_starts_on
with
    -- Grouped before anything is unnested: there are hundreds of completions to a row.
    done as (
        select
            cohort_type,
            cohort_id,
            dropped_week,
            greatest(completed_week, enrolled_week) as reached_week,
            count(*) as modules_count
        from cohort_module
        group by all
    ),
    changes as (
        select
            cohort_type,
            cohort_id,
            unnest([enrolled_week, dropped_week]) as week_starts_on,
            unnest([1, -1]) as learners_change,
            0 as modules_change
        from cohort_learner
        where dropped_week is null or enrolled_week < dropped_week
        union all
        select
            cohort_type,
            cohort_id,
            unnest([reached_week, dropped_week]),
            0,
            unnest([modules_count, - modules_count])
        from done
        where dropped_week is null or reached_week < dropped_week
    )

select
    cohort_type,
    cohort_id,
    week_starts_on,
    sum(learners_change)::bigint as learners_change,
    sum(modules_change)::bigint as modules_change
from changes
where week_starts_on is not null
group by all
