-- One row per learner and course they are enrolled in: what the figures over learners count.
-- Key: learner_id, course_id
select
    e.learner_id,
    e.course_id,
    e.enrolment_status,
    p.completion_percentage,
    100 * p.completed_modules_count / nullif(p.total_modules, 0) as modules_percentage,
    p.has_begun,
    coalesce(
        school_week(p.last_activity_at, z.time_zone) >= school_week(utc_now(), c.time_zone), false
    ) as is_active_this_week
from enrolment as e
join course as c on c.course_id = e.course_id
join course_record as p on p.learner_id = e.learner_id and p.course_id = e.course_id
join person_zone as z on z.user_id = e.learner_id
