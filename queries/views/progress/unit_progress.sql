-- One row per learner and unit of their courses: how far the learner has come.
-- Key: learner_id, unit_id
select
    p.learner_id as learner_id,
    l.external_id as learner_external_id,
    l.full_name as learner_name,
    u.course_id,
    c.course_external_id,
    u.unit_id,
    u.unit_external_id,
    u.unit_title,
    u.unit_position,
    case
        when p.completed_modules_count < p.total_modules
        then if(p.completed_modules_count > 0, 'in_progress', 'not_started')
        when p.total_modules > 0
        then 'completed'
    end as status,
    p.completion_percentage,
    shown_percentage(p.completed_modules_count, p.total_modules) as shown_percentage,
    p.completed_modules_count,
    p.total_modules,
    p.completed_at,
    p.last_completed_at
from unit_record as p
join unit as u on u.unit_id = p.unit_id
join course as c on c.course_id = u.course_id
join person as l on l.user_id = p.learner_id
