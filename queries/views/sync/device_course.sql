-- One row per learner and course they are enrolled in: what a learner's device keeps of it.
-- Key: learner_id, course_id
select
    e.learner_id,
    e.course_id,
    c.course_external_id,
    c.course_title,
    c.starts_on,
    c.ends_on,
    e.enrolment_status,
    e.enrolled_at,
    e.dropped_at,
    p.completed_at,
    p.completion_percentage,
    shown_percentage(p.completed_units_count, p.total_units) as shown_percentage,
    p.completed_units_count,
    p.total_units,
    p.completed_modules_count,
    p.total_modules,
    [e.changed_in, p.changed_in, c.changed_in] as written_in
from enrolment as e
join course_record as p on p.learner_id = e.learner_id and p.course_id = e.course_id
join course as c on c.course_id = e.course_id
