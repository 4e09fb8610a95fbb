-- One row per cohort, learner and stretch in it, dropped ones too: when, and where they stand.
-- Key: cohort_type, cohort_id, learner_id, joined_week
with
    enrolments as (
        select
            e.learner_id,
            e.course_id,
            e.enrolment_status,
            e.enrolled_at,
            e.dropped_at,
            p.completed_at,
            p.total_modules
        from enrolment as e
        join course_record as p on p.learner_id = e.learner_id and p.course_id = e.course_id
    ),
    members as (
        select
            h.cohort_type,
            h.cohort_id,
            h.time_zone,
            '-infinity'::date as joined_week,
            null::date as left_week,
            e.*
        from cohort as h
        join enrolments as e on e.course_id = h.course_id
        where h.cohort_type = 'course'
        union all
        select h.cohort_type, h.cohort_id, h.time_zone, s.joined_week, s.left_week, e.*
        from cohort as h
        join class_stay as s on s.class_id = h.cohort_id
        join enrolments as e on e.learner_id = s.learner_id and e.course_id = h.course_id
        where h.cohort_type = 'class'
    ),
    dated as (
        select
            *,
            school_week(completed_at, time_zone) as completed_week,
            greatest(school_week(enrolled_at, time_zone), joined_week) as enrolled_week,
            least(school_week(dropped_at, time_zone), left_week) as dropped_week
        from members
    )

select
    cohort_type,
    cohort_id,
    learner_id,
    course_id,
    time_zone,
    enrolment_status,
    joined_week,
    left_week,
    enrolled_week,
    dropped_week,
    case
        when is_within(completed_week, joined_week, left_week) then completed_week
    end as earned_week,
    total_modules
from dated
-- A stretch in the class that was over before its learner was enrolled is none in the course.
where coalesce(dropped_week >= enrolled_week, true)
