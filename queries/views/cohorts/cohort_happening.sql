-- One row per cohort and week in which its learners were active or completed something.
-- Key: cohort_type, cohort_id, week_starts_on
with
    course_activity as (
        select course_id, week_starts_on, count(*) as active_learners_count
        from learner_week
        group by all
    ),
    happenings as (
        select
            h.cohort_type,
            h.cohort_id,
            a.week_starts_on,
            a.active_learners_count,
            0 as completed_units_count,
            0 as completed_courses_count
        from cohort as h
        join course_activity as a on a.course_id = h.course_id
        where h.cohort_type = 'course'
        union all
        select h.cohort_type, h.cohort_id, w.week_starts_on, 1, 0, 0
        from cohort as h
        join class_stay as s on s.class_id = h.cohort_id
        join learner_week as w on w.learner_id = s.learner_id and w.course_id = h.course_id
        where h.cohort_type = 'class' and is_within(w.week_starts_on, s.joined_week, s.left_week)
        union all
        select cohort_type, cohort_id, earned_week, 0, 1, 0
        from cohort_unit
        where earned_week is not null
        union all
        select cohort_type, cohort_id, earned_week, 0, 0, 1
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
group by all
