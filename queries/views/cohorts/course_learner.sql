-- One row per learner and course they are enrolled in: what the figures over learners count.
-- Key: learner_id, course_id
with
    active as (
        select w.learner_id, w.course_id
        from learner_week as w
        join course as c on c.course_id = w.course_id
        where w.week_starts_on = school_week(utc_now(), c.time_zone)
    )

select
    e.learner_id,
    e.course_id,
    e.enrolment_status,
    p.completion_percentage,
    exists (
        select 1
        from learner_week as w
        where w.learner_id = e.learner_id and w.course_id = e.course_id
    ) as has_begun,
    exists (
        select 1 from active as a where a.learner_id = e.learner_id and a.course_id = e.course_id
    ) as is_active_this_week
from enrolment as e
join course_record as p on p.learner_id = e.learner_id and p.course_id = e.course_id
