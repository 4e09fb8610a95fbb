-- One row per cohort and week that its trend covers.
-- Key: cohort_type, cohort_id, week_starts_on
with
    occurrences as (
        select
            cohort_type,
            cohort_id,
            total_modules,
            unnest([enrolled_week, dropped_week]) as week_starts_on
        from cohort_learner
        union all
        select cohort_type, cohort_id, 0, week_starts_on
        from cohort_change
        union all
        select cohort_type, cohort_id, 0, week_starts_on
        from cohort_happening
    ),
    extents as (
        select
            cohort_type,
            cohort_id,
            max(total_modules) as total_modules,
            min(week_starts_on) as first_week,
            max(week_starts_on) as last_week
        from occurrences
        group by all
    )

-- To the present week, or to the last in which anything happened where the course is over.
select
    e.cohort_type,
    e.cohort_id,
    e.total_modules,
    unnest(
        generate_series(
            e.first_week,
            case
                when h.ends_on < school_today(h.time_zone)
                then e.last_week
                else school_week(utc_now(), h.time_zone)
            end,
            interval 7 day
        )
    )::date as week_starts_on,
    week_starts_on >= school_week(utc_now(), h.time_zone) as is_so_far
from extents as e
join cohort as h on h.cohort_type = e.cohort_type and h.cohort_id = e.cohort_id
