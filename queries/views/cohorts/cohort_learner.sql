-- One row per cohort and learner in it, dropped ones too: when they belonged, where they stand.
-- Key: cohort_type, cohort_id, learner_id
with
    stays as (
        select
            e.learner_id,
            e.course_id,
            e.enrolment_status,
            e.enrolled_at,
            e.dropped_at,
            p.completed_at,
            p.completion_percentage,
            p.total_units
        from enrolment as e
        join course_record as p on p.learner_id = e.learner_id and p.course_id = e.course_id
    ),
    members as (
        select h.cohort_type, h.cohort_id, h.time_zone, s.*
        from cohort as h
        join stays as s on s.course_id = h.course_id
        where h.cohort_type = 'course'
        union all
        select h.cohort_type, h.cohort_id, h.time_zone, s.*
        from cohort as h
        join class_learner as l on l.class_id = h.cohort_id
        join stays as s on s.learner_id = l.learner_id and s.course_id = h.course_id
        where h.cohort_type = 'class'
    )

select
    cohort_type,
    cohort_id,
    learner_id,
    course_id,
    time_zone,
    enrolment_status,
    school_week(enrolled_at, time_zone) as enrolled_week,
    school_week(dropped_at, time_zone) as dropped_week,
    school_week(completed_at, time_zone) as earned_week,
    completion_percentage,
    total_units
from members
