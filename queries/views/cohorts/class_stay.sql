-- One row per class, learner and stretch of weeks at whose ends the learner was in the class.
-- Key: class_id, learner_id, joined_week
with
    weeks as (
        select
            class_id,
            learner_id,
            date_trunc('week', joined_on)::date as joined_week,
            coalesce(date_trunc('week', left_on)::date, 'infinity'::date) as left_week
        from class_learner_span
    ),
    -- Of stretches that touch or overlap, the first begins one.
    marked as (
        select
            *,
            coalesce(
                joined_week > max(left_week) over (
                    partition by class_id, learner_id
                    order by joined_week, left_week
                    rows between unbounded preceding and 1 preceding
                ),
                true
            ) as is_first
        from weeks
        where joined_week < left_week
    ),
    counted as (
        select
            *,
            count(*) filter (is_first) over (
                partition by class_id, learner_id
                order by joined_week, left_week
                rows unbounded preceding
            ) as stay
        from marked
    )

select
    class_id,
    learner_id,
    min(joined_week) as joined_week,
    nullif(max(left_week), 'infinity'::date) as left_week
from counted
group by class_id, learner_id, stay
