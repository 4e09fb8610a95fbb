-- One row per learner and unit of their courses: what a learner's device keeps of it.
-- Key: learner_id, unit_id
select
    e.learner_id,
    e.course_id,
    u.unit_id,
    u.unit_external_id,
    u.unit_title,
    u.unit_position,
    p.completed_at,
    p.completion_percentage,
    shown_percentage(p.completed_modules_count, p.total_modules) as shown_percentage,
    p.completed_modules_count,
    p.total_modules,
    [e.changed_in, p.changed_in, u.changed_in] as written_in
from enrolment as e
join unit as u on u.course_id = e.course_id
join unit_record as p on p.learner_id = e.learner_id and p.unit_id = u.unit_id
