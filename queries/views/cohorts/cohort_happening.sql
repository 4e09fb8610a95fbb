-- One row per cohort and week in which those who belonged to it did or completed something.
-- Key: cohort_type, cohort_id, week_starts_on
with
    happenings as (
        select
            l.cohort_type,
            l.cohort_id,
            w.week_starts_on,
            l.enrolled_week,
            l.dropped_week,
            1 as active_learners_count,
            0 as completed_units_count,
            0 as completed_courses_count
        from cohort_learner as l
        join learner_week as w on w.learner_id = l.learner_id and w.course_id = l.course_id
        union all
        select cohort_type, cohort_id, earned_week, enrolled_week, dropped_week, 0, 1, 0
        from cohort_unit
        union all
        select cohort_type, cohort_id, earned_week, enrolled_week, dropped_week, 0, 0, 1
        from cohort_learner
        where earned_week is not null
    )

select
    cohort_type,
    cohort_id,
    week_starts_on,
    sum(active_learners_count)::bigint as active_learners_count,
    sum(completed_units_count)::bigint as completed_units_count,
    sum(completed_courses_count)::bigint as completed_courses_count
from happenings
where is_within(week_starts_on, enrolled_week, dropped_week)
group by all
