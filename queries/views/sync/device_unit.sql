-- One row per learner and unit of their courses: what a learner's device keeps of it.
-- Key: learner_id, unit_id
select
    p.learner_id,
    p.course_id,
    p.unit_id,
    p.unit_external_id,
    p.unit_title,
    p.unit_position,
    p.completed_at,
    p.completion_percentage,
    p.shown_percentage,
    p.completed_modules_count,
    p.total_modules,
    [e.changed_in, r.changed_in, u.changed_in] as written_in
from unit_progress as p
join enrolment as e on e.learner_id = p.learner_id and e.course_id = p.course_id
join unit_record as r on r.learner_id = p.learner_id and r.unit_id = p.unit_id
join unit as u on u.unit_id = p.unit_id
