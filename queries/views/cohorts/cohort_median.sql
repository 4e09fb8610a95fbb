-- One row per cohort and week with learners: the median of how far they had come by its end.
-- Key: cohort_type, cohort_id, week_starts_on
with
    steps as (
        select
            cohort_type,
            cohort_id,
            learner_id,
            joined_week,
            dropped_week,
            enrolled_week as since_week,
            0 as n
        from cohort_learner
        union all
        select
            cohort_type,
            cohort_id,
            learner_id,
            joined_week,
            dropped_week,
            greatest(completed_week, enrolled_week),
            1
        from cohort_module
    ),
    weeks as (
        select
            cohort_type, cohort_id, learner_id, joined_week, dropped_week, since_week, sum(n) as n
        from steps
        group by all
    ),
    stretches as (
        select
            cohort_type,
            cohort_id,
            since_week,
            dropped_week,
            sum(n) over learner_weeks as completed_modules_count,
            lead(since_week) over learner_weeks as next_week
        from weeks
        window
            learner_weeks as (
                partition by cohort_type, cohort_id, learner_id, joined_week order by since_week
            )
    )

-- A learner has the same count in each week from one step to the next.
select
    w.cohort_type,
    w.cohort_id,
    w.week_starts_on,
    100
    * median(s.completed_modules_count)
    / nullif(max(w.total_modules), 0) as median_modules_percentage
from cohort_calendar as w
join
    stretches as s
    on s.cohort_type = w.cohort_type
    and s.cohort_id = w.cohort_id
    and s.since_week <= w.week_starts_on
    and (s.next_week is null or s.next_week > w.week_starts_on)
    and (s.dropped_week is null or s.dropped_week > w.week_starts_on)
group by all
