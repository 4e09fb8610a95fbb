-- One row per learner and course they are enrolled in: what a learner's device keeps of it.
-- Key: learner_id, course_id
select
    p.learner_id,
    p.course_id,
    p.course_external_id,
    p.course_title,
    c.starts_on,
    c.ends_on,
    p.enrolment_status,
    p.enrolled_at,
    p.dropped_at,
    p.completed_at,
    p.completion_percentage,
    p.shown_percentage,
    p.completed_units_count,
    p.total_units,
    p.completed_modules_count,
    p.total_modules,
    p.new_modules_count,
    [e.changed_in, r.changed_in, c.changed_in] as written_in
from course_progress as p
join enrolment as e on e.learner_id = p.learner_id and e.course_id = p.course_id
join course_record as r on r.learner_id = p.learner_id and r.course_id = p.course_id
join course as c on c.course_id = p.course_id
