-- One row per cohort that has learners: how many stand where, and how far they have come.
-- Key: cohort_type, cohort_id
with
    activity as (
        select
            w.learner_id,
            w.course_id,
            bool_or(w.week_starts_on = school_week(utc_now(), c.time_zone)) as is_active
        from learner_week as w
        join course as c on c.course_id = w.course_id
        group by all
    )

select
    l.cohort_type,
    l.cohort_id,
    count(*) filter (l.enrolment_status <> 'dropped') as learners_count,
    count(*) filter (a.is_active) as active_learners_count,
    count(*) filter (l.enrolment_status = 'completed') as completed_learners_count,
    count(*) filter (l.enrolment_status = 'dropped') as dropped_learners_count,
    count(*) filter (
        l.enrolment_status <> 'dropped' and a.learner_id is null
    ) as not_started_learners_count,
    avg(l.completion_percentage) filter (l.enrolment_status <> 'dropped') as mean_percentage,
    median(l.completion_percentage) filter (l.enrolment_status <> 'dropped') as median_percentage
from cohort_learner as l
left join activity as a on a.learner_id = l.learner_id and a.course_id = l.course_id
group by all
