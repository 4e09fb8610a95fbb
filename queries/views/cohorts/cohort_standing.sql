-- One row per cohort and week: how far those who belonged to it at the week's end had come.
-- Key: cohort_type, cohort_id, week_starts_on
with
    -- How many learners there were, how many had at least one unit, at least two, three, …
    reached as (
        select
            w.cohort_type,
            w.cohort_id,
            w.week_starts_on,
            w.total_units,
            d.units_count,
            sum(d.learners_change)::bigint as learners_count
        from cohort_calendar as w
        left join
            cohort_change as d
            on d.cohort_type = w.cohort_type
            and d.cohort_id = w.cohort_id
            and d.week_starts_on <= w.week_starts_on
        group by all
    ),
    counted as (
        select
            cohort_type,
            cohort_id,
            week_starts_on,
            total_units,
            coalesce(max(learners_count) filter (units_count = 0), 0) as learners_count,
            coalesce(list(learners_count) filter (units_count > 0), []) as reached_counts
        from reached
        group by all
    )

-- The learner in the middle has as many units as there are counts above half of the learners;
-- of an even number of learners the two in the middle are averaged.
select
    cohort_type,
    cohort_id,
    week_starts_on,
    learners_count,
    case
        when learners_count > 0 and total_units > 0
        then 100 * coalesce(list_sum(reached_counts), 0) / (learners_count * total_units)
    end as mean_percentage,
    case
        when learners_count > 0 and total_units > 0
        then
            50 * (
                len(list_filter(reached_counts, lambda n:2 * n > learners_count))
                + len(list_filter(reached_counts, lambda n:2 * n >= learners_count))
            )
            / total_units
    end as median_percentage
from counted
